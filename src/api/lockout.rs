//! How often a password may be wrong: counted for each name that is tried, whoever tries and whether somebody has it or
//! not, so that no answer tells [ASVS 6.1.1, 6.3.1; NIST SP 800-63B 5.2.2].
//!
//! Names are counted where people sign in, and users where somebody who is signed in shows the password again: whoever
//! locks a name from outside leaves the sessions of its owner, and what they can do, alone.

use crate::api::email;
use crate::config::Lockout;
use crate::crypto;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::User;
use crate::models::attempts;
use crate::models::attempts::Span;
use crate::models::user;
use crate::storage::Storage;
use crate::storage::StorageError;

/// How somebody names themselves.
#[derive(Debug, Clone, Copy)]
pub enum Name<'a> {
    /// By their address, in any case.
    Address(&'a str),
    /// By a field of a plugin's that no two users share, in the form in which it is stored.
    Field {
        /// The field.
        field: &'a str,
        /// Its value.
        value: &'a str,
    },
}

/// The failed attempts on one name, or of one user.
pub(super) struct Attempts<'a> {
    instance: &'a Instance,
    id: String,
}

/// What a failure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureOutcome {
    /// It counts.
    Counted,
    /// It was one too many: nobody signs in with this name for a while.
    Locked,
}

impl<'a> Attempts<'a> {
    /// Those of whoever signs in with this name.
    pub(super) fn on_name(instance: &'a Instance, name: Name<'_>) -> Self {
        let what = match name {
            Name::Address(address) => format!("email:{}", email::normalise(address)),
            Name::Field { field, value } => format!("{field}:{value}"),
        };
        Self::on(instance, &what)
    }

    /// Those of a user who is signed in.
    pub(super) fn of_user(instance: &'a Instance, user_id: &str) -> Self {
        Self::on(instance, &format!("id:{user_id}"))
    }

    fn on(instance: &'a Instance, what: &str) -> Self {
        Self { instance, id: crypto::fingerprint(what) }
    }

    fn options(&self) -> Option<&'a Lockout> {
        let options = &self.instance.config().email_and_password.lockout;
        options.enabled.then_some(options)
    }

    /// The storage, where no row can count.
    fn storage(&self) -> Option<&'a Storage> {
        self.instance.storage().filter(|_| !self.instance.config().keeps_verification_rows())
    }

    /// Refuses while there were too many.
    ///
    /// # Errors
    /// `ACCOUNT_TEMPORARILY_LOCKED` with the time to wait, or what the database or storage answers.
    pub(super) fn admit(&self, tx: &mut Tx<'_>) -> Result<(), AuthError> {
        let Some(options) = self.options() else {
            return Ok(());
        };
        let max = i64::from(options.max_attempts);
        match self.find(tx)?.filter(|(count, _)| max <= *count) {
            Some((_, until)) => Err(locked(until, tx.now())),
            None => Ok(()),
        }
    }

    fn find(&self, tx: &mut Tx<'_>) -> Result<Option<(i64, Timestamp)>, AuthError> {
        let Some(storage) = self.storage() else {
            return Ok(attempts::find(tx, &self.id)?);
        };
        let found = unless_away(attempts::find_in(storage, &self.id))?.flatten();
        Ok(found.map(|(count, left)| (signed(count), tx.now().after(left))))
    }

    /// Counts a password that was wrong. While that was worked out others may have been one too many: then this one is
    /// refused like a right one.
    pub(super) fn fail(&self) -> Result<FailureOutcome, AuthError> {
        let Some(options) = self.options() else {
            return Ok(FailureOutcome::Counted);
        };
        let now = self.instance.database().clock().now();
        let (max, lock_ends) = (i64::from(options.max_attempts), now.after(options.duration));
        let span = Span { max, window_ends: now.after(options.window), lock_ends };
        let count = match self.storage() {
            Some(storage) => {
                let (max, lock) = (u64::from(options.max_attempts), options.duration);
                unless_away(attempts::count_in(storage, &self.id, options.window, max, lock))?
                    .map(signed)
            }
            None => {
                Some(self.instance.database().write(|tx| attempts::count(tx, &self.id, &span))?)
            }
        };
        let count = count.unwrap_or_default();
        if max < count {
            return Err(locked(lock_ends, now));
        }
        if count < max {
            return Ok(FailureOutcome::Counted);
        }
        tracing::warn!(
            seconds = options.duration.as_secs(),
            "too many wrong passwords for one name"
        );
        Ok(FailureOutcome::Locked)
    }

    /// A right password of somebody who is signed in: refused as by [`Attempts::admit`], and else begins anew.
    pub(super) fn succeed(&self) -> Result<(), AuthError> {
        let database = self.instance.database();
        let has_failed = database.read(|tx| {
            self.admit(tx)?;
            Ok::<_, AuthError>(self.find(tx)?.is_some())
        })?;
        if has_failed { database.write(|tx| self.forget(tx)).map(drop) } else { Ok(()) }
    }

    /// Begins anew after a right password, a new one, or an administrator's word; `false` when there was nothing.
    pub(super) fn forget(&self, tx: &mut Tx<'_>) -> Result<bool, AuthError> {
        Ok(match self.storage() {
            Some(storage) => {
                unless_away(attempts::delete_in(storage, &self.id))?.unwrap_or_default()
            }
            None => attempts::delete(tx, &self.id)?,
        })
    }
}

/// A count as the database has it.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Sessions that are rows as well outlive the storage, and people must be able to begin one: while it is away nothing is
/// counted here, and clients are counted in memory.
fn unless_away<T>(asked: Result<T, StorageError>) -> Result<Option<T>, AuthError> {
    match asked {
        Ok(answer) => Ok(Some(answer)),
        Err(error @ StorageError::Unavailable(_)) => {
            tracing::warn!(%error, "wrong passwords are not counted");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn locked(until: Timestamp, now: Timestamp) -> AuthError {
    AuthError::new(codes::ACCOUNT_TEMPORARILY_LOCKED).with_retry_after(now.until(until))
}

/// Forgets what failed under every name that a user signs in with; `false` when there was nothing.
pub(super) fn forget_user(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user: &User,
) -> Result<bool, AuthError> {
    let fields = instance.config().user.additional_fields.iter();
    let names = fields.filter(|(_, field)| field.unique);
    let named = names.filter_map(|(field, _)| {
        let value = user.additional.text(field)?;
        Some(Attempts::on_name(instance, Name::Field { field, value }))
    });
    let own = [
        Attempts::on_name(instance, Name::Address(&user.email)),
        Attempts::of_user(instance, &user.id),
    ];
    own.into_iter().chain(named).try_fold(false, |any, attempts| Ok(any | attempts.forget(tx)?))
}

/// Lets a user sign in again; `false` when nothing was in their way and nothing had failed.
///
/// # Errors
/// `USER_NOT_FOUND`.
pub fn unlock(instance: &Instance, user_id: &str, caller: &Caller<'_>) -> Result<bool, AuthError> {
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        let Some(user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        let was_counted = forget_user(tx, instance, &user)?;
        if was_counted {
            instance.emit(tx, caller, Some(user_id), EventKind::Unlocked)?;
        }
        Ok(was_counted)
    })
}
