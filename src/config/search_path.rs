//! The `search_path` of PostgreSQL: the schemas in which tables are looked up; new ones are made in
//! the first.

use std::fmt;

/// PostgreSQL cuts longer names off.
const NAME_BYTES_MAX: usize = 63;

/// The schemas, in the form of the setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPath {
    setting: String,
    schema: Option<String>,
}

impl SearchPath {
    /// One schema, by its exact name.
    pub(super) fn schema(name: &str) -> Result<Self, String> {
        if name.is_empty() || name.contains('\0') {
            return Err("expected the name of a schema".to_owned());
        }
        if NAME_BYTES_MAX < name.len() {
            return Err(format!("a schema has a name of at most {NAME_BYTES_MAX} bytes"));
        }
        if name.starts_with("pg_") {
            return Err("schemas whose names begin with pg_ are PostgreSQL's own".to_owned());
        }
        Ok(Self { setting: quoted(name), schema: Some(name.to_owned()) })
    }

    /// A list, as the setting takes it: names in lower case or in quotation marks.
    pub(super) fn list(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let in_quotes = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match in_quotes {
            Some(name) if !name.contains(['"', '$']) => Self::schema(name),
            None if text.chars().all(is_plain) => Self::schema(&text.to_ascii_lowercase()),
            _ => Ok(Self { setting: text.to_owned(), schema: None }),
        }
    }

    /// Takes the setting out of the arguments of a server process, as the startup parameter
    /// `options` has them, and returns its value and the others.
    pub(super) fn take_from(options: &str) -> (Option<String>, String) {
        let (mut found, mut others) = (None, Vec::new());
        let mut words = words(options).into_iter();
        while let Some(word) = words.next() {
            let (setting, value) = match word.strip_prefix("-c").or(word.strip_prefix("--")) {
                Some("") => ("", words.next()),
                Some(setting) => (setting, None),
                None => ("", None),
            };
            let (name, text) =
                value.as_deref().unwrap_or(setting).split_once('=').unwrap_or_default();
            if name.replace('-', "_").eq_ignore_ascii_case("search_path") {
                found = Some(text.to_owned());
            } else {
                others.extend([Some(word.clone()), value].into_iter().flatten());
            }
        }
        let others: Vec<String> = others.iter().map(|word| escaped(word)).collect();
        (found, others.join(" "))
    }

    /// The value of the setting.
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// The only schema, if there is one.
    pub fn only(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The setting as an argument of a server process.
    pub fn argument(&self) -> String {
        format!("-csearch_path={}", escaped(&self.setting))
    }
}

/// As a parameter of a URL, for messages.
impl fmt::Display for SearchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "schema={schema}"),
            None => write!(f, "search_path={}", self.setting),
        }
    }
}

/// A name as SQL reads it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The words of `options`: a backslash takes the next character as it is.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_escaped) = (Vec::new(), None, false);
    for c in text.chars() {
        match c {
            _ if is_escaped => {
                word.get_or_insert_with(String::new).push(c);
                is_escaped = false;
            }
            '\\' => {
                word.get_or_insert_with(String::new);
                is_escaped = true;
            }
            _ if c.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}

fn escaped(word: &str) -> String {
    let needs_escape = |c: char| c == '\\' || c.is_ascii_whitespace();
    let escape = |c: char| needs_escape(c).then_some('\\').into_iter().chain([c]);
    word.chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_named_exactly() {
        for (name, setting, argument) in [
            ("auth", r#""auth""#, r#"-csearch_path="auth""#),
            ("My Auth", r#""My Auth""#, r#"-csearch_path="My\ Auth""#),
            (r#"a"b\c"#, r#""a""b\c""#, r#"-csearch_path="a""b\\c""#),
        ] {
            let path = SearchPath::schema(name).unwrap();
            assert_eq!((path.setting(), path.argument().as_str()), (setting, argument));
            assert_eq!(path.only(), Some(name));
        }
        for name in ["", "a\0b", "pg_catalog", &"x".repeat(64)] {
            assert!(SearchPath::schema(name).is_err(), "{name}");
        }
    }

    #[test]
    fn one_name_in_a_list_is_a_schema() {
        for (list, shown) in [
            ("auth", "schema=auth"),
            (" Auth ", "schema=auth"),
            ("\"Auth\"", "schema=Auth"),
            ("auth, public", "search_path=auth, public"),
            ("\"a\",\"b\"", "search_path=\"a\",\"b\""),
            ("\"$user\"", "search_path=\"$user\""),
            ("$user", "search_path=$user"),
        ] {
            assert_eq!(SearchPath::list(list).unwrap().to_string(), shown);
        }
        assert!(SearchPath::list("").is_err());
    }

    #[test]
    fn the_setting_is_taken_out_of_options() {
        for (options, found, others) in [
            ("", None, ""),
            ("-c search_path=auth", Some("auth"), ""),
            ("-csearch_path=a,b -c geqo=off", Some("a,b"), "-c geqo=off"),
            ("endpoint=ep-1 --search-path=auth", Some("auth"), "endpoint=ep-1"),
            (r"-cSearch_Path=a,\ b", Some("a, b"), ""),
            (r"-c a=b\ c\\d --x=y", None, r"-c a=b\ c\\d --x=y"),
            ("-c search_path=a -csearch_path=b", Some("b"), ""),
            ("-c", None, "-c"),
        ] {
            let taken = SearchPath::take_from(options);
            assert_eq!((taken.0.as_deref(), taken.1.as_str()), (found, others), "{options}");
        }
    }
}
