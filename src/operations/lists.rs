//! Pages and sort orders of lists.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;

use crate::models::session::SessionField;
use crate::models::user::UserField;
use crate::rows::Direction;
use crate::rows::Page;

/// Default number of rows.
pub const LIMIT: u32 = 100;

/// The page to read: one more row than requested shows whether there are more.
pub(super) fn page(limit: u32, offset: u32) -> Page {
    Page { limit: limit.saturating_add(1), offset }
}

/// Removes the extra row, and returns the offset of the next page if there is one.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: u32, offset: u32) -> Option<u32> {
    let count = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = count < rows.len();
    rows.truncate(count);
    has_more.then_some(offset.saturating_add(limit))
}

/// A field that a list can be sorted by.
pub trait Sortable: Copy + Default + 'static {
    /// All fields by their JSON names.
    const FIELDS: &'static [(&'static str, Self)];
}

impl Sortable for UserField {
    const FIELDS: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("email", Self::Email),
        ("createdAt", Self::CreatedAt),
        ("updatedAt", Self::UpdatedAt),
    ];
}

impl Sortable for SessionField {
    const FIELDS: &'static [(&'static str, Self)] = &[
        ("createdAt", Self::CreatedAt),
        ("updatedAt", Self::UpdatedAt),
        ("expiresAt", Self::ExpiresAt),
    ];
}

/// A field and a direction, written as `FIELD`, `FIELD:asc` or `FIELD:desc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String", bound = "F: Sortable")]
pub struct Sort<F> {
    /// The field; ties are ordered by id.
    pub field: F,
    /// The direction.
    pub direction: Direction,
}

impl<F: Sortable> FromStr for Sort<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, direction) = match text.split_once(':') {
            None | Some((_, "asc")) => (text.trim_end_matches(":asc"), Direction::Ascending),
            Some((name, "desc")) => (name, Direction::Descending),
            Some((_, other)) => return Err(format!("expected asc or desc, got {other:?}")),
        };
        let known = F::FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, field)| Self { field: *field, direction }).ok_or_else(|| {
            let names: Vec<&str> = F::FIELDS.iter().map(|(name, _)| *name).collect();
            format!("expected one of {}, got {name:?}", names.join(", "))
        })
    }
}

impl<F: Sortable> TryFrom<String> for Sort<F> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl<F: Sortable> JsonSchema for Sort<F> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "sort".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = F::FIELDS.iter().map(|(name, _)| *name).collect();
        json_schema!({"type": "string", "pattern": format!("^({})(:(asc|desc))?$", names.join("|"))})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_field_and_a_direction() {
        let read =
            |text: &str| text.parse::<Sort<UserField>>().map(|sort| (sort.field, sort.direction));
        assert_eq!(read("name"), Ok((UserField::Name, Direction::Ascending)));
        assert_eq!(read("name:asc"), Ok((UserField::Name, Direction::Ascending)));
        assert_eq!(read("createdat:desc"), Ok((UserField::CreatedAt, Direction::Descending)));
        let names = "name, email, createdAt, updatedAt";
        assert_eq!(read("age"), Err(format!("expected one of {names}, got \"age\"")));
        assert_eq!(read("name:up"), Err(r#"expected asc or desc, got "up""#.to_owned()));
    }
}
