//! What all lists share: how many, after how many, in which order.

use std::ffi::OsStr;

use better_auth::rows::Direction;
use clap::Arg;
use clap::Args;
use clap::builder::PossibleValue;
use clap::builder::TypedValueParser;

use crate::cli::output::Rest;

/// Rows of a list without `--limit`.
const LIMIT: u32 = 100;

/// The page of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// Rows at most [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
}

impl PageArgs {
    /// Rows to ask for: one more than is shown tells whether there are more.
    pub(crate) fn asked(&self) -> u32 {
        self.limit().saturating_add(1)
    }

    /// Takes away what is not shown, and answers what is known of it.
    pub(crate) fn cut<T>(&self, rows: &mut Vec<T>) -> Rest {
        let limit = self.limit();
        let has_more = usize::try_from(limit).is_ok_and(|limit| limit < rows.len());
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let offset = self.offset.saturating_add(limit);
        Rest { has_more, offset, is_asked_for: self.limit.is_some() }
    }

    fn limit(&self) -> u32 {
        self.limit.unwrap_or(LIMIT)
    }
}

/// A field and a direction, typed as `FIELD`, `FIELD:asc` or `FIELD:desc`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sort<F> {
    pub(crate) field: F,
    pub(crate) direction: Direction,
}

/// Reads an order by one of these fields, which completions and the help offer.
#[derive(Debug, Clone)]
pub(crate) struct SortParser<F: 'static>(pub(crate) &'static [(&'static str, F)]);

impl<F: Copy + Send + Sync + 'static> TypedValueParser for SortParser<F> {
    type Value = Sort<F>;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Sort<F>, clap::Error> {
        let read = |text: &str| sort(text, self.0);
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|(name, _)| PossibleValue::new(*name))))
    }
}

fn sort<F: Copy>(text: &str, fields: &[(&str, F)]) -> Result<Sort<F>, String> {
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
