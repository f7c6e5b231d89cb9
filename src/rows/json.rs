//! JSON in the form of its column.

use serde_json::Value;

use crate::config::FieldType;
use crate::database::Form;
use crate::rows::Stored;

/// A value as its column holds it.
pub(super) fn stored(value: Value, kind: &FieldType, form: Form) -> Stored {
    match (form, &value) {
        (_, Value::Null) => Stored::Null,
        (Form::JsonText, _) => Stored::Json(Value::String(value.to_string()).to_string()),
        (Form::Array, Value::Array(list)) => Stored::Text(array(list)),
        _ => Stored::new(value, kind),
    }
}

/// A value from the text of its column.
pub(super) fn read(text: String) -> Value {
    let Ok(value) = serde_json::from_str::<Value>(&text) else {
        return Value::String(text);
    };
    // Some programs store the JSON of a JSON text.
    let inner = value.as_str().and_then(|inner| serde_json::from_str(inner).ok());
    inner.filter(|inner: &Value| inner.is_array() || inner.is_object()).unwrap_or(value)
}

/// A list as PostgreSQL writes one, `{"a","b"}`.
fn array(list: &[Value]) -> String {
    let item = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    };
    format!("{{{}}}", list.iter().map(item).collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_written_in_the_form_of_its_column_and_read_again() {
        let list = json!(["a", "b \"c\" \\", "d,}"]);
        let written = |form| match stored(list.clone(), &FieldType::Texts, form) {
            Stored::Json(text) | Stored::Text(text) => text,
            _ => panic!("no text"),
        };
        assert_eq!(written(Form::Native), r#"["a","b \"c\" \\","d,}"]"#);
        assert_eq!(written(Form::Array), r#"{"a","b \"c\" \\","d,}"}"#);
        for form in [Form::Native, Form::JsonText] {
            assert_eq!(read(written(form)), list, "{form:?}");
        }
        assert_eq!(read(r#""plain""#.to_owned()), json!("plain"));
        assert_eq!(read("no JSON".to_owned()), json!("no JSON"));
        assert!(stored(Value::Null, &FieldType::Json, Form::JsonText) == Stored::Null);
    }
}
