//! What a database holds, raw, and the forms that values of a column have.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Deserialize;

/// What `rows.mjs` answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Rows {
    pub(crate) schema: Vec<String>,
    pub(crate) tables: BTreeMap<String, Table>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Table {
    /// Columns with their declared types.
    pub(crate) columns: BTreeMap<String, String>,
    pub(crate) rows: Vec<BTreeMap<String, Option<Raw>>>,
}

/// A value that is not NULL.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Raw {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Raw {
    /// How it is written: the type of the database, and what values of one purpose have in common.
    pub(crate) fn form(&self) -> String {
        let Self { kind, text } = self;
        match kind.as_str() {
            // A time tells its unit by its length; smaller numbers differ by chance.
            "integer" if 10 <= text.len() => format!("integer of {} digits", text.len()),
            "text" if is_time(text) => format!("text like {}", digits_as_d(text)),
            "text" if is_uuid(text) => "text like a UUID".to_owned(),
            "text" if text.starts_with(['{', '[']) => "text like JSON".to_owned(),
            // Where both Better Auth and the tool make a text of it.
            "text" | "json" | "jsonb" if text.starts_with("\"{") || text.starts_with("\"[") => {
                format!("{kind} like JSON in a JSON text")
            }
            _ => kind.clone(),
        }
    }
}

impl Rows {
    /// Whether any value is this text.
    pub(crate) fn hold(&self, text: &str) -> bool {
        let rows = self.tables.values().flat_map(|table| &table.rows);
        rows.flat_map(BTreeMap::values).flatten().any(|raw| raw.text == text)
    }

    /// The forms of each column, as `table.column`, that are in use.
    pub(crate) fn forms(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut forms = BTreeMap::<String, BTreeSet<String>>::new();
        for (name, table) in &self.tables {
            for (column, value) in table.rows.iter().flatten() {
                let of_column = forms.entry(format!("{name}.{column}")).or_default();
                of_column.extend(value.as_ref().map(Raw::form));
            }
        }
        forms
    }
}

/// Columns in which there are forms now that were not there before; whatever had no value before may have any, and a
/// UUID is a text like any other.
pub(crate) fn new_forms(before: &Rows, after: &Rows) -> Vec<String> {
    let before = before.forms();
    let mut problems = Vec::new();
    for (column, forms) in after.forms() {
        // What it holds depends on the purpose of the row.
        if column.rsplit('.').next() == Some("value") {
            continue;
        }
        let Some(known) = before.get(&column).filter(|known| !known.is_empty()) else { continue };
        let is_known = |form: &String| {
            known.contains(form) || form == "text like a UUID" && known.contains("text")
        };
        for form in forms.iter().filter(|form| !is_known(form)) {
            problems.push(format!("{column}: {form}, where {known:?} was written"));
        }
    }
    problems
}

fn is_time(text: &str) -> bool {
    let form = digits_as_d(text);
    ["dddd-dd-ddTdd:dd:dd", "dddd-dd-dd dd:dd:dd"].iter().any(|start| form.starts_with(start))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn digits_as_d(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect()
}

#[test]
fn a_form_is_what_values_of_one_purpose_have_in_common() {
    let form = |kind: &str, text: &str| Raw { kind: kind.to_owned(), text: text.to_owned() }.form();
    assert_eq!(form("integer", "1"), "integer");
    assert_eq!(form("integer", "1793527200000"), "integer of 13 digits");
    assert_eq!(form("text", "2026-11-01T10:00:00.000Z"), "text like dddd-dd-ddTdd:dd:dd.dddZ");
    assert_eq!(form("text", "2026-11-01 10:00:00"), "text like dddd-dd-dd dd:dd:dd");
    assert_eq!(form("text", "019e1f4e-6a3e-7c3e-8f3e-0123456789ab"), "text like a UUID");
    assert_eq!(form("text", "correct horse"), "text");
    assert_eq!(form("text", r#"["x"]"#), "text like JSON");
    assert_eq!(form("jsonb", r#"["x"]"#), "jsonb");
    assert_eq!(form("jsonb", r#""[\"x\"]""#), "jsonb like JSON in a JSON text");
    assert_eq!(
        form("timestamp without time zone", "2026-11-01 10:00:00"),
        "timestamp without time zone"
    );
}
