//! What PostgreSQL's errors mean: by code, since their texts come in every language.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use crate::database::DatabaseError;
use crate::database::Unique;

/// What an error says about the connection and its transaction, from bad to worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// The statement failed; the connection is as good as before.
    Refused,
    /// Others were in the way; the same job may succeed when it runs again.
    Conflict,
    /// The connection cannot be used any more.
    Lost,
}

pub(super) fn verdict(error: &Error) -> Severity {
    // What does not come from the server comes from the way to it.
    let Some(error) = error.as_db_error() else { return Severity::Lost };
    match error.code().code() {
        // A row that is referred to went away in between: the next run sees that it is gone.
        "40001" | "40P01" | "23503" => Severity::Conflict,
        // A statement that was prepared is not there, or not what it was.
        "26000" | "0A000" | "25P03" => Severity::Lost,
        code if code.starts_with("08") || code.starts_with("57P") => Severity::Lost,
        _ => Severity::Refused,
    }
}

pub(super) fn meaning(error: &Error) -> DatabaseError {
    let Some(error) = error.as_db_error() else {
        return DatabaseError::Unavailable(reason(error));
    };
    let message = error.message().to_owned();
    match error.code().code() {
        "23505" => DatabaseError::Unique(unique(error)),
        "23001" | "23503" => DatabaseError::ForeignKey(foreign_key(error)),
        "42P01" | "42703" | "3F000" => DatabaseError::Schema(message),
        "55P03" | "57014" | "40001" | "40P01" => DatabaseError::Busy,
        "3D000" => DatabaseError::Unavailable(format!("{message}; make it with CREATE DATABASE")),
        "25006" => DatabaseError::ReadOnly(format!("{message}; is this a replica?")),
        // Rights, and what a server cannot do at the moment.
        "42501" => DatabaseError::Unavailable(message),
        code if ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Unavailable(message)
        }
        // Class 54: more than an index, a row or a statement can hold.
        code if ["22", "54"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Value(message)
        }
        // Checks and the like, what a trigger raises, and what a view or a policy does not let through.
        code if ["23", "44", "P0"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Rule(message)
        }
        _ => DatabaseError::Other(message),
    }
}

/// Whether a connection that could not be made may be made later, although nobody changes anything: the server starts
/// or stops, has too many connections, or broke this one off.
pub(super) fn may_pass(error: &Error) -> bool {
    if let Some(error) = error.as_db_error() {
        return ["08", "57P", "53"].iter().any(|begin| error.code().code().starts_with(begin));
    }
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    // What TLS does not accept is an error of the socket, too.
    error.is_closed() || cause.is_some_and(|cause| cause.kind() != io::ErrorKind::InvalidData)
}

/// The causes in a row; none of them holds a password.
fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        if is_unknown_authority(next) {
            text.push_str("; name its authority with database.caFile");
        }
        cause = next.source();
    }
    text
}

fn is_unknown_authority(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        inner,
        Some(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer))
    )
}

/// Which one: the table that has it is told in every language.
fn foreign_key(error: &DbError) -> String {
    match (error.constraint(), error.table()) {
        (Some(constraint), Some(table)) => format!("{constraint} of {table}"),
        _ => error.message().to_owned(),
    }
}

fn unique(error: &DbError) -> Unique {
    let constraint = || format!("constraint {}", error.constraint().unwrap_or_default());
    Unique {
        table: error.table().unwrap_or_default().to_owned(),
        columns: error.detail().and_then(columns).unwrap_or_else(|| vec![constraint()]),
    }
}

/// The columns of `Key (email, "tenantId")=(…) already exists.`, which stand in such brackets in every language.
fn columns(detail: &str) -> Option<Vec<String>> {
    let (before, _) = detail.split_once(")=(")?;
    let (_, columns) = before.split_once('(')?;
    Some(columns.split(", ").map(|column| column.replace('"', "")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_constraint_stand_in_the_detail() {
        for (detail, expected) in [
            ("Key (email)=(a@b.co) already exists.", Some(vec!["email"])),
            ("Key (\"backupEmail\")=(x)=(y) already exists.", Some(vec!["backupEmail"])),
            ("Schlüssel »(a, \"B\")=(1, 2)« existiert bereits.", Some(vec!["a", "B"])),
            ("Key (lower(email))=(a@b.co) already exists.", Some(vec!["lower(email)"])),
            ("Failing row contains (1).", None),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|columns| columns.into_iter().map(str::to_owned).collect());
            assert_eq!(columns(detail), expected, "{detail}");
        }
    }
}
