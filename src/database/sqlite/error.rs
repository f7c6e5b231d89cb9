//! Maps SQLite's errors.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::database::DatabaseError;
use crate::database::Unique;

/// The error that SQLite's error stands for.
pub(in crate::database) fn error(error: rusqlite::Error) -> DatabaseError {
    let (code, message) = match &error {
        rusqlite::Error::SqliteFailure(code, Some(message)) => (code, message.clone()),
        rusqlite::Error::SqliteFailure(code, None) => (code, error.to_string()),
        // SQLite knows the position of an error in the statement.
        rusqlite::Error::SqlInputError { error: code, msg, .. } => (code, msg.clone()),
        _ => return DatabaseError::Other(error.to_string()),
    };
    match code.code {
        _ if is_unique_violation(code.extended_code) => DatabaseError::Unique(unique(&message)),
        ErrorCode::ConstraintViolation => match code.extended_code {
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DatabaseError::ForeignKey(message),
            ffi::SQLITE_CONSTRAINT_DATATYPE => DatabaseError::Value(message),
            _ => DatabaseError::Rule(message),
        },
        ErrorCode::TypeMismatch | ErrorCode::TooBig => DatabaseError::Value(message),
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed => DatabaseError::Busy,
        // SQLite has no code of its own for these.
        ErrorCode::Unknown if is_of_tables(&message) => DatabaseError::Schema(message),
        ErrorCode::NotADatabase => DatabaseError::NotADatabase(message),
        ErrorCode::DatabaseCorrupt => DatabaseError::Damaged(message),
        ErrorCode::ReadOnly => DatabaseError::ReadOnly(message),
        ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::OutOfMemory
        | ErrorCode::NoLargeFileSupport
        | ErrorCode::PermissionDenied => DatabaseError::Unavailable(message),
        _ => DatabaseError::Other(message),
    }
}

/// Whether a table or column is missing: `no such table: main.user`, `table user has no column named age`. Other
/// missing things, such as a function that a trigger calls, are not added by a migration.
fn is_of_tables(message: &str) -> bool {
    let is_missing =
        ["no such table", "no such column"].iter().any(|begin| message.starts_with(begin));
    is_missing || message.contains(" has no column named ")
}

/// SQLite names the columns only in its message: `UNIQUE constraint failed: user.a, user.b`, or `UNIQUE constraint
/// failed: index 'NAME'` for an index on an expression.
fn unique(message: &str) -> Unique {
    let names = message.split_once(": ").map_or(message, |(_, names)| names);
    let mut unique = Unique { table: String::new(), columns: Vec::new() };
    for name in names.split(", ") {
        match name.split_once('.') {
            Some((table, column)) => {
                table.clone_into(&mut unique.table);
                unique.columns.push(column.to_owned());
            }
            None => unique.columns.push(name.to_owned()),
        }
    }
    unique
}

fn is_unique_violation(extended_code: i32) -> bool {
    [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY].contains(&extended_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart_by_what_they_are() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let tables = "PRAGMA foreign_keys = ON;
            CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL DEFAULT '', b integer CHECK (b < 10));
            CREATE TABLE child (t integer REFERENCES t);
            CREATE TABLE strict (n integer) STRICT;
            CREATE TRIGGER calls BEFORE DELETE ON child BEGIN SELECT no_such_function(); END;
            INSERT INTO t (id) VALUES (1);
            INSERT INTO child VALUES (1)";
        connection.execute_batch(tables).unwrap();
        let of = |sql: &str| error(connection.execute_batch(sql).unwrap_err());
        for sql in ["DELETE FROM t", "INSERT INTO child VALUES (2)"] {
            assert!(matches!(of(sql), DatabaseError::ForeignKey(_)), "{sql}: {:?}", of(sql));
        }
        for sql in ["UPDATE t SET b = 10", "UPDATE t SET a = NULL"] {
            assert!(matches!(of(sql), DatabaseError::Rule(_)), "{sql}: {:?}", of(sql));
        }
        for sql in ["INSERT INTO t (id) VALUES ('x')", "INSERT INTO strict VALUES ('x')"] {
            assert!(matches!(of(sql), DatabaseError::Value(_)), "{sql}: {:?}", of(sql));
        }
        for sql in ["SELECT 1 FROM u", "SELECT c FROM t", "INSERT INTO t (c) VALUES (1)"] {
            assert!(matches!(of(sql), DatabaseError::Schema(_)), "{sql}: {:?}", of(sql));
        }
        assert!(matches!(of("INSERT INTO t (id) VALUES (1)"), DatabaseError::Unique(_)));
        // No migration adds it.
        assert!(matches!(of("DELETE FROM child"), DatabaseError::Other(_)));
    }

    #[test]
    fn the_columns_of_a_constraint_stand_in_the_message() {
        for (message, table, columns) in [
            ("UNIQUE constraint failed: user.email", "user", vec!["email"]),
            ("UNIQUE constraint failed: user.a, user.B", "user", vec!["a", "B"]),
            ("UNIQUE constraint failed: index 'one'", "", vec!["index 'one'"]),
        ] {
            let unique = unique(message);
            assert_eq!(
                (unique.table.as_str(), unique.columns),
                (table, columns.into_iter().map(str::to_owned).collect())
            );
        }
    }
}
