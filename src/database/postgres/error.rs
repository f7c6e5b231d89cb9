//! Maps PostgreSQL's errors by code, because their texts are localised.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use crate::database::DatabaseError;
use crate::database::Unique;

/// What an error means for the connection and its transaction, from harmless to severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// The statement failed; the connection is fine.
    Refused,
    /// A conflict with another transaction; the job may succeed when it runs again.
    Conflict,
    /// The connection cannot be used any more.
    Lost,
}

pub(super) fn verdict(error: &Error) -> Severity {
    // An error that does not come from the server is one of the connection.
    let Some(error) = error.as_db_error() else { return Severity::Lost };
    match error.code().code() {
        // 23503: a referenced row was deleted in between; the next run sees that.
        "40001" | "40P01" | "23503" => Severity::Conflict,
        // A prepared statement is missing or outdated.
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
        "08P01" if message.contains("startup parameter") => DatabaseError::Unavailable(format!(
            "{message}; behind pgbouncer, add pgbouncer=true to the URL"
        )),
        "3D000" => DatabaseError::Unavailable(format!("{message}; make it with CREATE DATABASE")),
        "25006" => DatabaseError::ReadOnly(format!("{message}; is this a replica?")),
        // Missing privileges, and what a server cannot do at the moment.
        "42501" => DatabaseError::Unavailable(message),
        code if ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Unavailable(message)
        }
        // Class 54: more than an index, a row or a statement can hold.
        code if ["22", "54"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Value(message)
        }
        // Checks and the like, errors raised by triggers, and rows refused by a view or a policy.
        code if ["23", "44", "P0"].iter().any(|class| code.starts_with(class)) => {
            DatabaseError::Rule(message)
        }
        _ => DatabaseError::Other(message),
    }
}

/// Whether connecting may succeed later without a change: the server is starting or stopping, has too many connections,
/// or closed this one.
pub(super) fn may_pass(error: &Error) -> bool {
    if let Some(error) = error.as_db_error() {
        return ["08", "57P", "53"].iter().any(|begin| error.code().code().starts_with(begin));
    }
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    // A TLS failure is an error of the socket, too.
    error.is_closed() || cause.is_some_and(|cause| cause.kind() != io::ErrorKind::InvalidData)
}

/// The chain of causes; none of them contains a password.
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

/// The foreign key; the code alone does not say which.
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

/// The columns of `Key (email, "tenantId")=(…) already exists.`; the brackets are the same in every language.
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
