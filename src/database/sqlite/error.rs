//! What SQLite's errors mean.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::database::DatabaseError;
use crate::database::Unique;

/// What SQLite's error means for us.
pub(in crate::database) fn error(error: rusqlite::Error) -> DatabaseError {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return DatabaseError::Other(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| error.to_string());
    match code.code {
        _ if is_unique_violation(code.extended_code) => DatabaseError::Unique(unique(&message)),
        ErrorCode::TooBig => DatabaseError::Value(message),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseError::Busy,
        // SQLite has no code of its own for these.
        ErrorCode::Unknown if message.starts_with("no such ") => DatabaseError::Schema(message),
        ErrorCode::NotADatabase => DatabaseError::NotADatabase(message),
        ErrorCode::DatabaseCorrupt => DatabaseError::Damaged(message),
        ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::PermissionDenied => DatabaseError::Unavailable(message),
        _ => DatabaseError::Other(message),
    }
}

/// SQLite names the columns in its message alone: `UNIQUE constraint failed: user.a, user.b`, or
/// `UNIQUE constraint failed: index 'NAME'` where an index is over something else than columns.
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
