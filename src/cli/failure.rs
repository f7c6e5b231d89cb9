//! What a command says when it fails: a message, the causes, a hint, an exit code.

use std::error::Error as _;
use std::io;

use better_auth::AuthError;
use better_auth::ConfigError;
use better_auth::codes;
use better_auth::database::DatabaseError;
use better_auth::server::ServeError;

use crate::cli::exit::Exit;

/// What to do with a database that contradicts itself.
const REPAIR: &str =
    "put a backup in its place, or save what can be read with `sqlite3 FILE .recover`";

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    /// One sentence.
    pub(crate) message: String,
    /// For programs.
    pub(crate) code: &'static str,
    /// What lies beneath, nearest first.
    pub(crate) causes: Vec<String>,
    /// What to do next.
    pub(crate) hint: Option<String>,
    pub(crate) exit: Exit,
    /// Whoever read our output has gone; there is nothing to say and nobody to say it to.
    pub(crate) is_broken_pipe: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        let code = match exit {
            Exit::Usage => "USAGE",
            Exit::NotFound => "NOT_FOUND",
            Exit::Conflict => "CONFLICT",
            Exit::NeedsMigration => "SCHEMA_MISMATCH",
            Exit::Interrupted => "INTERRUPTED",
            Exit::Done | Exit::Failed => "FAILED",
        };
        let message = message.into();
        Self { message, code, causes: Vec::new(), hint: None, exit, is_broken_pipe: false }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The database at this place lacks something that the command needs.
    pub(crate) fn needs_migration(place: &str) -> Self {
        Self::new(Exit::NeedsMigration, format!("the database {place} needs migration"))
            .with_hint("run `better-auth migrate`")
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
        let exit = [
            (codes::USER_NOT_FOUND, Exit::NotFound),
            (codes::SESSION_NOT_FOUND, Exit::NotFound),
            (codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, Exit::Conflict),
            (codes::VALUE_ALREADY_TAKEN, Exit::Conflict),
            (codes::SCHEMA_MISMATCH, Exit::NeedsMigration),
            (codes::INVALID_EMAIL, Exit::Usage),
            (codes::PASSWORD_TOO_SHORT, Exit::Usage),
            (codes::PASSWORD_TOO_LONG, Exit::Usage),
            (codes::MISSING_FIELD, Exit::Usage),
            (codes::VALIDATION_ERROR, Exit::Usage),
            (codes::CONFIG_INVALID, Exit::Usage),
            (codes::RESET_PASSWORD_DISABLED, Exit::Usage),
            (codes::VERIFICATION_EMAIL_NOT_ENABLED, Exit::Usage),
            (codes::INVALID_REDIRECT_URL, Exit::Usage),
            (codes::OUTBOX_NOT_KEPT, Exit::Usage),
            (codes::TOO_MANY_SESSIONS, Exit::Usage),
        ]
        .into_iter()
        .find_map(|(code, exit)| error.is(code).then_some(exit));
        let mut failure = Self::new(exit.unwrap_or(Exit::Failed), error.message());
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
            failure.hint = Some("run `better-auth migrate`".to_owned());
        }
        failure
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
        assert_eq!(failure.hint.as_deref(), Some("run `better-auth migrate`"));
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
