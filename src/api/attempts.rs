//! Failed attempts per key: too many within a window lock the key for a while.
//!
//! They are rows of `verification`, or keys of a secondary storage if values are kept there only.

use std::time::Duration;

use crate::api::one_time;
use crate::api::one_time::Purpose;
use crate::crypto;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::instance::Instance;
use crate::models::attempts;
use crate::models::attempts::Span;
use crate::storage::StorageError;

/// The limit of failed attempts, and its consequences.
#[derive(Debug, Clone, Copy)]
pub struct AttemptLimit {
    /// The number of failed attempts that locks the key; at least two.
    pub max: u32,
    /// How long attempts are counted, from the first one on.
    pub window: Duration,
    /// How long the key is locked.
    pub lock: Duration,
    /// The error meanwhile, with the time to wait.
    pub refusal: &'static ErrorCode,
}

/// The failed attempts on a key.
pub struct Attempts<'a> {
    instance: &'a Instance,
    id: String,
    limit: Option<AttemptLimit>,
    /// Whether an attempt fails while it cannot be counted.
    is_required: bool,
}

/// The outcome of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureOutcome {
    /// The attempt was counted.
    Counted,
    /// The attempt has locked the key.
    Locked,
}

impl<'a> Attempts<'a> {
    /// The attempts for a purpose of a plugin on a key, such as the id of a user; only a
    /// fingerprint of the key is stored.
    pub fn new(instance: &'a Instance, purpose: Purpose, key: &str, limit: AttemptLimit) -> Self {
        let id = crypto::fingerprint(&format!("purpose:{}{key}", purpose.text()));
        let limit = AttemptLimit { max: limit.max.max(2), ..limit };
        Self { instance, id, limit: Some(limit), is_required: true }
    }

    /// The attempts on a key of the core; without a limit nothing is counted.
    pub(super) fn on(instance: &'a Instance, key: &str, limit: Option<AttemptLimit>) -> Self {
        Self { instance, id: crypto::fingerprint(key), limit, is_required: false }
    }

    /// Ignores an unavailable storage where attempts need not be counted: sessions that are also rows survive
    /// it, and sign-in with a password must stay possible. Codes of a plugin are refused meanwhile.
    fn if_available<T>(&self, asked: Result<T, StorageError>) -> Result<Option<T>, AuthError> {
        match asked {
            Ok(answer) => Ok(Some(answer)),
            Err(error @ StorageError::Unavailable(_)) if !self.is_required => {
                tracing::warn!(%error, "cannot count failed attempts");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Rejects the attempt while the key is locked.
    ///
    /// # Errors
    /// The error of the limit, with the time to wait.
    pub fn admit(&self, tx: &mut Tx<'_>) -> Result<(), AuthError> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        match self.find(tx)?.filter(|(count, _)| i64::from(limit.max) <= *count) {
            Some((_, until)) => Err(limit.refuse(until, tx.now())),
            None => Ok(()),
        }
    }

    fn find(&self, tx: &mut Tx<'_>) -> Result<Option<(i64, Timestamp)>, AuthError> {
        let Some(storage) = one_time::alone(self.instance) else {
            return Ok(attempts::find(tx, &self.id)?);
        };
        let found = self.if_available(attempts::find_in(storage, &self.id))?.flatten();
        Ok(found.map(|(count, left)| (signed(count), tx.now().after(left))))
    }

    /// Counts a failed attempt, in a transaction of its own. If concurrent attempts have locked the
    /// key meanwhile, this one is rejected in the same way as a successful one.
    ///
    /// # Errors
    /// The error of the limit, with the time to wait.
    pub fn fail(&self) -> Result<FailureOutcome, AuthError> {
        let Some(limit) = self.limit else {
            return Ok(FailureOutcome::Counted);
        };
        let now = self.instance.database().clock().now();
        let (max, lock_ends) = (i64::from(limit.max), now.after(limit.lock));
        let span = Span { max, window_ends: now.after(limit.window), lock_ends };
        let count = match one_time::alone(self.instance) {
            Some(storage) => {
                let max = u64::from(limit.max);
                self.if_available(attempts::count_in(
                    storage,
                    &self.id,
                    limit.window,
                    max,
                    limit.lock,
                ))?
                .map(signed)
            }
            None => {
                Some(self.instance.database().write(|tx| attempts::count(tx, &self.id, &span))?)
            }
        };
        let count = count.unwrap_or_default();
        if max < count {
            return Err(limit.refuse(lock_ends, now));
        }
        if count < max {
            return Ok(FailureOutcome::Counted);
        }
        let (code, seconds) = (limit.refusal.name, limit.lock.as_secs());
        tracing::warn!(code, seconds, "too many failed attempts on one key");
        Ok(FailureOutcome::Locked)
    }

    /// A successful attempt: rejected like by [`Attempts::admit`], or else resets the count.
    pub(super) fn succeed(&self) -> Result<(), AuthError> {
        let database = self.instance.database();
        let has_failed = database.read(|tx| {
            self.admit(tx)?;
            Ok::<_, AuthError>(self.find(tx)?.is_some())
        })?;
        if has_failed { database.write(|tx| self.forget(tx)).map(drop) } else { Ok(()) }
    }

    /// Resets the count, in the transaction of the sign-in; `false` if there was none.
    pub fn forget(&self, tx: &mut Tx<'_>) -> Result<bool, AuthError> {
        Ok(match one_time::alone(self.instance) {
            Some(storage) => {
                self.if_available(attempts::delete_in(storage, &self.id))?.unwrap_or_default()
            }
            None => attempts::delete(tx, &self.id)?,
        })
    }
}

impl AttemptLimit {
    fn refuse(&self, until: Timestamp, now: Timestamp) -> AuthError {
        AuthError::new(self.refusal).with_retry_after(now.until(until))
    }
}

/// A count as the database stores it.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
