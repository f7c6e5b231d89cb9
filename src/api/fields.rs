//! Additional fields: which can be set by whom, and the values of a new row [contract 8.2, 8.8, 8.9].

use serde_json::Map;
use serde_json::Value;

use crate::api::limits;
use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::FieldType;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;
use crate::rows::Additional;

/// The source of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenBy {
    /// A request: fields with `input = false` cannot be set, unknown names are ignored.
    Client,
    /// An administrator or the application: every declared field can be set, unknown names are errors.
    Server,
}

/// The fields of a new row: the given values or the defaults.
///
/// # Errors
/// `FIELD_NOT_ALLOWED`, `MISSING_FIELD`, `VALIDATION_ERROR`.
pub fn for_new_row(
    fields: &AdditionalFields,
    given: &Map<String, Value>,
    written_by: WrittenBy,
) -> Result<Additional, AuthError> {
    refuse_unknown(fields, given, written_by)?;
    let mut additional = Additional::default();
    for (name, field) in fields {
        let default = field.default_value.clone();
        let value = match (given.get(name), default) {
            // The default of a field that clients cannot set wins over what they send.
            (Some(_), Some(default)) if is_closed(field, written_by) => Some(default),
            (Some(value), _) => {
                check_length(name, field, value)?;
                accept(name, field, value, written_by)?
            }
            (None, default) => default,
        };
        let value = match value {
            None if field.required => {
                let message = format!("{name} is required");
                return Err(AuthError::new(codes::MISSING_FIELD).with_message(message));
            }
            value => value.unwrap_or_default(),
        };
        set(&mut additional, name, field, value);
    }
    Ok(additional)
}

/// The changes that a request or an administrator makes to a row. The caller checks lengths, because the limits do not
/// apply to stored values.
///
/// # Errors
/// `FIELD_NOT_ALLOWED`, `VALIDATION_ERROR`.
pub fn changes(
    fields: &AdditionalFields,
    given: &Map<String, Value>,
    written_by: WrittenBy,
) -> Result<Map<String, Value>, AuthError> {
    refuse_unknown(fields, given, written_by)?;
    let mut changes = Map::new();
    for (name, field) in fields {
        if let Some(value) = given.get(name)
            && let Some(value) = accept(name, field, value, written_by)?
        {
            changes.insert(name.clone(), value);
        }
    }
    Ok(changes)
}

/// The error for an empty update.
pub fn nothing_to_update() -> AuthError {
    AuthError::new(codes::BAD_REQUEST).with_message("No fields to update")
}

/// Applies changes to the fields of a row.
pub fn apply(fields: &AdditionalFields, additional: &mut Additional, changes: &Map<String, Value>) {
    for (name, value) in changes {
        if let Some(field) = fields.get(name) {
            set(additional, name, field, value.clone());
        }
    }
}

/// The default values of a new row.
pub fn defaults(fields: &AdditionalFields) -> Additional {
    let mut additional = Additional::default();
    for (name, field) in fields {
        set(&mut additional, name, field, field.default_value.clone().unwrap_or_default());
    }
    additional
}

fn set(additional: &mut Additional, name: &str, field: &AdditionalField, value: Value) {
    let values = if field.returned { &mut additional.returned } else { &mut additional.hidden };
    values.insert(name.to_owned(), stored(field, value));
}

/// The value as the database returns it: times in UTC with milliseconds.
fn stored(field: &AdditionalField, value: Value) -> Value {
    match (&field.kind, &value) {
        (FieldType::Date, Value::String(text)) => match Timestamp::parse(text) {
            Some(time) => time.to_string().into(),
            None => value,
        },
        _ => value,
    }
}

fn is_closed(field: &AdditionalField, written_by: WrittenBy) -> bool {
    !field.input && written_by == WrittenBy::Client
}

/// A given value; `None` if it is ignored.
fn accept(
    name: &str,
    field: &AdditionalField,
    value: &Value,
    written_by: WrittenBy,
) -> Result<Option<Value>, AuthError> {
    if is_closed(field, written_by) {
        // Better Auth ignores values that are false in JavaScript, so that forms can be sent back whole.
        if is_truthy(value) {
            let message = format!("{name} is not allowed to be set");
            return Err(AuthError::new(codes::FIELD_NOT_ALLOWED).with_message(message));
        }
        return Ok(None);
    }
    let fits = if value.is_null() { !field.required } else { field.fits(value) };
    // PostgreSQL cannot store a NUL character.
    let has_nul = value.as_str().is_some_and(|text| text.contains('\0'));
    if !fits || has_nul {
        let received = if has_nul { "a NUL character" } else { type_name(Some(value)) };
        let message = format!("{name}: expected {}, received {received}", field.kind.name());
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    Ok(Some(value.clone()))
}

/// Refuses values that are too long. Stored values may stay as they are.
pub(super) fn check_lengths(
    fields: &AdditionalFields,
    was: &Additional,
    is: &Additional,
) -> Result<(), AuthError> {
    let changed = fields.iter().filter_map(|(name, field)| {
        let value = is.get(name)?;
        (was.get(name) != Some(value)).then_some((name, field, value))
    });
    changed.into_iter().try_for_each(|(name, field, value)| check_length(name, field, value))
}

fn check_length(name: &str, field: &AdditionalField, value: &Value) -> Result<(), AuthError> {
    let limit = if field.unique || field.index { limits::INDEXED_FIELD } else { limits::FIELD };
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::String(text) => limit.check(name, text),
        list => limit.check(name, &list.to_string()),
    }
}

fn refuse_unknown(
    fields: &AdditionalFields,
    given: &Map<String, Value>,
    written_by: WrittenBy,
) -> Result<(), AuthError> {
    let unknown = given.keys().find(|name| !fields.contains_key(*name));
    match unknown {
        Some(name) if written_by == WrittenBy::Server => {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("{name} is no additional field; configured are {known}");
            Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message))
        }
        _ => Ok(()),
    }
}

/// Whether the value is truthy in JavaScript.
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The result of JavaScript's `typeof`.
pub fn type_name(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields() -> AdditionalFields {
        serde_json::from_value(json!({
            "age": {"type": "number"},
            "role": {"type": "string", "input": false, "defaultValue": "user"},
            "secret": {"type": "string", "input": false, "required": false, "returned": false},
            "born": {"type": "date", "required": false},
        }))
        .unwrap()
    }

    fn new(given: Value, written_by: WrittenBy) -> Result<Value, String> {
        for_new_row(&fields(), given.as_object().unwrap(), written_by)
            .map(|additional| serde_json::to_value(additional).unwrap())
            .map_err(|error| format!("{} {}", error.code().name, error.message()))
    }

    #[test]
    fn a_new_row_holds_what_was_given_and_defaults() {
        assert_eq!(
            new(
                json!({"age": 5, "role": "admin", "born": "2026-01-01T01:00:00+01:00"}),
                WrittenBy::Client
            ),
            Ok(json!({"age": 5, "role": "user", "born": "2026-01-01T00:00:00.000Z"}))
        );
        assert_eq!(
            new(json!({"age": 5, "role": "admin"}), WrittenBy::Server),
            Ok(json!({"age": 5, "role": "admin", "born": null}))
        );
    }

    #[test]
    fn what_may_not_be_set_is_refused() {
        let client = |given| new(given, WrittenBy::Client).unwrap_err();
        assert_eq!(client(json!({})), "MISSING_FIELD age is required");
        assert_eq!(
            client(json!({"age": 1, "secret": "x"})),
            "FIELD_NOT_ALLOWED secret is not allowed to be set"
        );
        assert_eq!(
            client(json!({"age": "1"})),
            "VALIDATION_ERROR age: expected number, received string"
        );
        assert_eq!(
            client(json!({"age": null})),
            "VALIDATION_ERROR age: expected number, received null"
        );
        assert!(new(json!({"age": 1, "other": 1, "secret": ""}), WrittenBy::Client).is_ok());
        assert_eq!(
            new(json!({"age": 1, "other": 1}), WrittenBy::Server).unwrap_err(),
            "VALIDATION_ERROR other is no additional field; configured are age, role, secret, born"
        );
    }

    #[test]
    fn hidden_fields_do_not_leave() {
        let given = json!({"age": 1, "secret": "hunter2"});
        let additional =
            for_new_row(&fields(), given.as_object().unwrap(), WrittenBy::Server).unwrap();
        assert_eq!(additional.get("secret"), Some(&json!("hunter2")));
        assert!(!serde_json::to_string(&additional).unwrap().contains("secret"));
        assert!(!format!("{additional:?}").contains("hunter2"));
    }
}
