//! A failed command: a message, the causes, a hint, an exit code.

use std::error::Error as _;
use std::io;

use better_auth::AuthError;
use better_auth::ConfigError;
use better_auth::Dialect;
use better_auth::ErrorCode;
use better_auth::codes;
use better_auth::database::DatabaseError;
use better_auth::server::ServeError;

use crate::cli::exit::Exit;

/// The hint for a corrupt database.
const REPAIR: &str = "restore a backup, or recover readable data with `sqlite3 FILE .recover`";

/// Codes whose messages are for clients and hide the cause.
const CAUSE_SAYS_MORE: [&ErrorCode; 4] = [
    codes::INTERNAL_SERVER_ERROR,
    codes::BAD_REQUEST,
    codes::FOREIGN_KEY_VIOLATION,
    codes::CONSTRAINT_VIOLATION,
];

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The message.
    pub(crate) message: String,
    /// The code, for programs.
    pub(crate) code: &'static str,
    /// The causes, nearest first.
    pub(crate) causes: Vec<String>,
    /// What to do next.
    pub(crate) hint: Option<String>,
    pub(crate) exit: Exit,
    /// The reader of our output has closed the pipe: there is nothing to report.
    pub(crate) is_broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        let code = match exit {
            Exit::Usage => "USAGE",
            Exit::NotFound => "NOT_FOUND",
            Exit::Conflict => "CONFLICT",
            Exit::NeedsMigration => "SCHEMA_MISMATCH",
            Exit::Faulty => "FAULTY_ROWS",
            Exit::Interrupted => "INTERRUPTED",
            Exit::Done | Exit::Failed => "FAILED",
        };
        let message = message.into();
        Self { message, code, causes: Vec::new(), hint: None, exit, is_broken_pipe: false }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The database at this place needs a migration.
    pub(crate) fn needs_migration(place: &str) -> Self {
        Self::new(Exit::NeedsMigration, format!("the database {place} needs migration"))
    }

    /// The database at this place has a problem that a migration does not fix.
    pub(crate) fn blocked(place: &str, problems: Vec<String>) -> Self {
        let message = format!("the database {place} cannot be used or migrated");
        let code = codes::MIGRATION_BLOCKED.name;
        Self { code, causes: problems, ..Self::new(Exit::Failed, message) }
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted; nothing was changed")
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        let mut failure = Self::new(exit(error.code()), error.message());
        failure.code = error.code().name;
        let mut cause = error.source();
        while let Some(error) = cause {
            failure.causes.push(error.to_string());
            if let Some(DatabaseError::Damaged(_)) = error.downcast_ref() {
                failure.hint = Some(REPAIR.to_owned());
            }
            cause = error.source();
        }
        if failure.exit == Exit::NeedsMigration {
            failure.hint = Some("`better-auth migrate status` shows what is missing".to_owned());
        }
        let has_no_words = error.message() == error.code().message;
        if has_no_words && CAUSE_SAYS_MORE.contains(&error.code()) && error.source().is_some() {
            failure.message = failure.causes.remove(0);
        }
        if error.is(codes::AMBIGUOUS_USER) {
            failure.hint = Some("specify the user by id or by the exact address".to_owned());
        }
        if let Some(hint) = error.hint() {
            failure.hint = Some(hint.to_owned());
        }
        failure
    }
}

/// The exit code for an error: by its code, or else by its status.
fn exit(code: &ErrorCode) -> Exit {
    let rows = [
        (codes::SCHEMA_MISMATCH, Exit::NeedsMigration),
        (codes::CONFIG_INVALID, Exit::Usage),
        (codes::ACCOUNT_NOT_FOUND, Exit::NotFound),
        (codes::FAILED_TO_UNLINK_LAST_ACCOUNT, Exit::Failed),
    ];
    if let Some((_, exit)) = rows.iter().find(|(row, _)| *row == code) {
        return *exit;
    }
    match code.in_dialect(Dialect::Reference).1 {
        _ if code.is_conflict => Exit::Conflict,
        404 => Exit::NotFound,
        400..=499 => Exit::Usage,
        _ => Exit::Failed,
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let mut failure = Self::usage(error.to_string());
        failure.code = codes::CONFIG_INVALID.name;
        failure
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Self::new(Exit::Failed, error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { is_broken_pipe: true, ..Self::new(Exit::Done, "") },
            io::ErrorKind::Interrupted => Self::interrupted(),
            _ => Self::new(Exit::Failed, error.to_string()),
        }
    }
}

impl From<dialoguer::Error> for Failure {
    fn from(dialoguer::Error::IO(error): dialoguer::Error) -> Self {
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_follow_from_the_codes_of_errors() {
        for (code, exit) in [
            (codes::USER_NOT_FOUND, Exit::NotFound),
            (codes::SESSION_NOT_FOUND, Exit::NotFound),
            (codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, Exit::Conflict),
            (codes::SCHEMA_MISMATCH, Exit::NeedsMigration),
            (codes::INVALID_EMAIL, Exit::Usage),
            (codes::PASSWORD_TOO_SHORT, Exit::Usage),
            (codes::FAILED_TO_UNLINK_LAST_ACCOUNT, Exit::Failed),
            (codes::BAD_REQUEST, Exit::Usage),
            (codes::CONFIG_INVALID, Exit::Usage),
            (codes::FOREIGN_KEY_VIOLATION, Exit::Conflict),
            (codes::CONSTRAINT_VIOLATION, Exit::Usage),
            (codes::ACCOUNT_NOT_FOUND, Exit::NotFound),
            (codes::PROVIDER_NOT_FOUND, Exit::NotFound),
            (codes::MESSAGE_NOT_SENT, Exit::Failed),
            (codes::MIGRATION_BLOCKED, Exit::Failed),
            (codes::SERVER_BUSY, Exit::Failed),
            (codes::DATABASE_UNAVAILABLE, Exit::Failed),
            (codes::INTERNAL_SERVER_ERROR, Exit::Failed),
        ] {
            let failure = Failure::from(AuthError::new(code));
            assert_eq!((failure.exit, failure.code), (exit, code.name));
        }
    }

    #[test]
    fn causes_are_told_and_a_hint_leads_on() {
        let failure = Failure::from(AuthError::new(codes::SCHEMA_MISMATCH).with_cause("no table"));
        assert_eq!(failure.causes, ["no table"]);
        let hint = "`better-auth migrate status` shows what is missing";
        assert_eq!(failure.hint.as_deref(), Some(hint));
    }

    #[test]
    fn what_is_unexpected_is_told_to_who_holds_the_shell() {
        let failure = Failure::from(AuthError::internal("disk on fire"));
        assert_eq!((failure.message.as_str(), failure.exit), ("disk on fire", Exit::Failed));
        assert!(failure.causes.is_empty());
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(failure.is_broken_pipe);
        assert_eq!(failure.exit, Exit::Done);
        let failure = Failure::from(io::Error::from(io::ErrorKind::Interrupted));
        assert_eq!(failure.exit, Exit::Interrupted);
    }
}
