//! What all lists share: how many, after how many, in which order.

use better_auth::models::Direction;
use clap::Args;

/// The page of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// Rows at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// Rows to pass over first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
    /// Count all that match too; takes as long as there are many
    #[arg(long)]
    pub(crate) total: bool,
}

/// A field and a direction, typed as `FIELD`, `FIELD:asc` or `FIELD:desc`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sort<F> {
    pub(crate) field: F,
    pub(crate) direction: Direction,
}

/// Reads an order; the fields are given with their names.
pub(crate) fn sort<F: Copy>(text: &str, fields: &[(&str, F)]) -> Result<Sort<F>, String> {
    let (name, direction) = match text.split_once(':') {
        None | Some((_, "asc")) => (text.trim_end_matches(":asc"), Direction::Ascending),
        Some((name, "desc")) => (name, Direction::Descending),
        Some((_, other)) => return Err(format!("expected asc or desc, got {other:?}")),
    };
    let known = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map(|(_, field)| Sort { field: *field, direction }).ok_or_else(|| {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        format!("expected one of {}, got {name:?}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_field_and_a_direction() {
        let read =
            |text| sort(text, &[("name", 1), ("createdAt", 2)]).map(|s| (s.field, s.direction));
        assert_eq!(read("name"), Ok((1, Direction::Ascending)));
        assert_eq!(read("name:asc"), Ok((1, Direction::Ascending)));
        assert_eq!(read("createdat:desc"), Ok((2, Direction::Descending)));
        assert_eq!(read("age"), Err(r#"expected one of name, createdAt, got "age""#.to_owned()));
        assert_eq!(read("name:up"), Err(r#"expected asc or desc, got "up""#.to_owned()));
    }
}
