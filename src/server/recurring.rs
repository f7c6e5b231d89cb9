//! Recurring work of a server: a failure is logged once per cause, and so is the recovery.

use std::error::Error as _;

use crate::error::AuthError;

/// A recurring task.
pub(super) struct Recurring {
    what: &'static str,
    /// The cause of the last failure.
    cause: Option<String>,
}

/// A loggable change.
#[derive(Debug, PartialEq, Eq)]
enum LogEvent {
    Failed,
    Recovered,
}

impl Recurring {
    /// `what` starts a sentence, such as "cleaning up".
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, cause: None }
    }

    /// Logs an outcome if it differs from the last one.
    pub(super) fn note<T>(&mut self, outcome: &Result<T, AuthError>) {
        let error = outcome.as_ref().err();
        match (self.learn(error), error) {
            (Some(LogEvent::Failed), Some(error)) => {
                let (code, cause) = (error.code().name, self.cause.as_deref());
                tracing::warn!(code, cause, "{} failed and will be retried", self.what);
            }
            (Some(LogEvent::Recovered), _) => tracing::warn!("{} works again", self.what),
            _ => {}
        }
    }

    fn learn(&mut self, error: Option<&AuthError>) -> Option<LogEvent> {
        let cause = error.map(|error| {
            error.source().map_or_else(|| error.message().to_owned(), ToString::to_string)
        });
        let news = match (&self.cause, &cause) {
            (before, Some(_)) if *before != cause => Some(LogEvent::Failed),
            (Some(_), None) => Some(LogEvent::Recovered),
            _ => None,
        };
        self.cause = cause;
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::DatabaseError;

    #[test]
    fn a_failure_is_said_with_its_cause_and_once_until_that_changes() {
        let mut cleanup = Recurring::new("cleaning up");
        let full = AuthError::from(DatabaseError::Unavailable("disk full".to_owned()));
        let away = AuthError::from(DatabaseError::Unavailable("disk away".to_owned()));
        let outcomes = [None, Some(&full), Some(&full), Some(&away), None, None, Some(&away)];
        let news = outcomes.map(|error| (cleanup.learn(error), cleanup.cause.clone()));
        let cause = |of: &str| Some(format!("the database is not available: {of}"));
        assert_eq!(
            news,
            [
                (None, None),
                (Some(LogEvent::Failed), cause("disk full")),
                (None, cause("disk full")),
                (Some(LogEvent::Failed), cause("disk away")),
                (Some(LogEvent::Recovered), None),
                (None, None),
                (Some(LogEvent::Failed), cause("disk away")),
            ]
        );
    }
}
