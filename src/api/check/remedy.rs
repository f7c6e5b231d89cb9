//! What may stand in the place of a value that is wrong: what is read anyway, so that a repair changes nothing but the
//! row. Nothing is made up that lets somebody in, and nothing is taken away that keeps somebody out.

use crate::database::Timestamp;
use crate::rows::Stored;
use crate::rows::checked_table::CheckedRow;
use crate::rows::checked_table::Fault;
use crate::rows::checked_table::WrongValue;
use crate::schema::Column;
use crate::schema::Fill;
use crate::schema::Kind;

/// What helps against a value that is wrong.
pub(super) enum Remedy {
    /// Another value, and what it is in words.
    Write(Stored, &'static str),
    /// The row belongs to nobody, and can go.
    Delete,
    /// A person must decide.
    None,
}

impl Remedy {
    /// What is done, in words.
    pub(super) fn words(&self) -> Option<&'static str> {
        match self {
            Self::Write(_, words) => Some(words),
            Self::Delete => Some("deletion"),
            Self::None => None,
        }
    }
}

pub(super) fn remedy(row: &CheckedRow<'_>, wrong: &WrongValue<'_>, now: Timestamp) -> Remedy {
    let column = wrong.column;
    match wrong.fault {
        Fault::NoSuchRow => Remedy::Delete,
        Fault::Null if column.references.is_some() => Remedy::Delete,
        Fault::Null if column.is_key() => Remedy::None,
        Fault::Null => filled(row, column, now),
        // Rows are found by these: another value could be presented.
        Fault::NotText if column.is_id() => Remedy::None,
        // What somebody signs in with may be in a form of another program.
        Fault::NotText if column.is_proof() => Remedy::None,
        Fault::NotText => wrong
            .text
            .clone()
            .map_or(Remedy::None, |text| Remedy::Write(Stored::Text(text), "text with U+FFFD")),
        Fault::NotTime => time(row, column, now),
        Fault::NotFlag => flag(column),
        Fault::NotNumber | Fault::NotJson | Fault::NotUnique => Remedy::None,
    }
}

fn filled(row: &CheckedRow<'_>, column: &Column, now: Timestamp) -> Remedy {
    if let Fill::Literal(literal) = &column.fill {
        let default = Stored::of_literal(literal, column.kind);
        return default.map_or(Remedy::None, |value| Remedy::Write(value, "default"));
    }
    match column.kind {
        Kind::Text if column.is_proof() => Remedy::None,
        Kind::Text => Remedy::Write(Stored::Text(String::new()), "empty text"),
        Kind::Flag => flag(column),
        Kind::Time => time(row, column, now),
        Kind::Number | Kind::BigNumber | Kind::Json => Remedy::None,
    }
}

fn flag(column: &Column) -> Remedy {
    // Flags of plugins and applications may keep users out: a person decides what was meant.
    if column.added.is_some() {
        return Remedy::None;
    }
    Remedy::Write(Stored::Flag(false), "false")
}

/// A time of an application means something to it alone.
fn time(row: &CheckedRow<'_>, column: &Column, now: Timestamp) -> Remedy {
    let (other, words) = match column.field.as_str() {
        _ if column.added.is_some() => return Remedy::None,
        "createdAt" => ("updatedAt", "updatedAt"),
        "updatedAt" => ("createdAt", "createdAt"),
        // What it belongs to is over.
        _ => return Remedy::Write(Stored::Time(Timestamp::EPOCH), "1970-01-01"),
    };
    match row.time(other) {
        Some(time) => Remedy::Write(Stored::Time(time), words),
        None => Remedy::Write(Stored::Time(now), "current time"),
    }
}

/// What the program takes a value for that is wrong, in words.
pub(super) fn reading(wrong: &WrongValue<'_>) -> &'static str {
    let is_added = wrong.column.added.is_some();
    match wrong.fault {
        Fault::Null | Fault::NotTime | Fault::NotNumber if is_added => "null",
        Fault::Null => match wrong.column.kind {
            Kind::Text | Kind::Json => "empty text",
            Kind::Time => "1970-01-01",
            Kind::Flag => "false",
            Kind::Number | Kind::BigNumber => "0",
        },
        Fault::NotText => "with U+FFFD",
        Fault::NotTime => "1970-01-01",
        Fault::NotFlag => "false",
        Fault::NotNumber => "0",
        Fault::NotJson => "text",
        Fault::NoSuchRow => "nobody's",
        Fault::NotUnique => "any of them",
    }
}
