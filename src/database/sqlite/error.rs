//! What SQLite's errors mean.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::database::DatabaseError;

/// What SQLite's error means for us.
pub(in crate::database) fn error(error: rusqlite::Error) -> DatabaseError {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return DatabaseError::Other(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| error.to_string());
    match code.code {
        _ if is_unique_violation(code.extended_code) => {
            // SQLite names the columns, "UNIQUE constraint failed: user.email", and only here.
            let constraint = message.rsplit(": ").next().unwrap_or_default();
            DatabaseError::Unique(constraint.to_owned())
        }
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

fn is_unique_violation(extended_code: i32) -> bool {
    [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY].contains(&extended_code)
}
