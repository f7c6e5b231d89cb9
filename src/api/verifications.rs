//! Where values are that work once: rows of the database, or a secondary storage [contract 11.4, 11.6]. Only this
//! file knows. Rows count where there are any; what the storage holds beside them is for other servers.

use std::net::IpAddr;
use std::time::Duration;

use crate::api::limits;
use crate::api::limits::VALUES_MAX;
use crate::api::limits::VALUES_PER_CLIENT_MAX;
use crate::api::sessions::Client;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::verification;
use crate::models::verification_copy;
use crate::models::verification_copy::Kept;
use crate::storage::Storage;
use crate::storage::StorageError;

/// How long a client waits that may have no more, and the window in which a storage counts.
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// When it is worth asking again where all clients together may have no more.
const RETRY_AFTER: Duration = Duration::from_secs(60);

/// Whose a value is: a client's, which may have so many, or the server's own.
pub(super) struct Share {
    client: Option<String>,
}

impl Share {
    /// Of a client; without one, of the server and its administrators.
    pub(super) fn of(instance: &Instance, client: Option<&Client>) -> Self {
        let owner = |client: &Client| {
            let address = client.ip_address.parse::<IpAddr>().ok()?;
            Some(instance.config().advanced.ip_address.client(address).to_string())
        };
        Self { client: client.map(|client| owner(client).unwrap_or_default()) }
    }

    /// Refuses one more value to a client that has as many as it may, or where all clients together have.
    ///
    /// Requests at the same moment can be a few more: the rows of all clients are not read in the transaction that adds
    /// one, where they would be in the way of every other.
    ///
    /// # Errors
    /// `RATE_LIMIT_EXCEEDED`, `SERVER_BUSY`, or what the database or the storage answers.
    pub(super) fn admit(&self, instance: &Instance) -> Result<(), AuthError> {
        match (&self.client, alone(instance)) {
            (None, _) => Ok(()),
            (Some(owner), Some(storage)) => admit_in(storage, owner),
            (Some(owner), None) => admit_rows(instance, owner),
        }
    }

    fn id(&self) -> String {
        self.client.as_deref().map_or_else(random::id, random::id_of)
    }
}

/// A client whose address is not known cannot be told from another, and counts among all of them only.
fn admit_rows(instance: &Instance, owner: &str) -> Result<(), AuthError> {
    let spans =
        [(random::ids_of(owner), VALUES_PER_CLIENT_MAX), (random::ids_of_owners(), VALUES_MAX)];
    let are_full = || {
        let [own, all] = instance.database().read(|tx| verification::count_ids(tx, &spans))?;
        let is_own_full = !owner.is_empty() && i64::from(VALUES_PER_CLIENT_MAX) <= own;
        Ok::<_, AuthError>((is_own_full, i64::from(VALUES_MAX) <= all))
    };
    if are_full()? == (false, false) {
        return Ok(());
    }
    // Rows that are over count until they are removed, which only `serve` does by itself.
    while instance.database().write(|tx| delete_expired(tx, instance))? != 0 {}
    let (is_own_full, is_all_full) = are_full()?;
    require_room(is_own_full, is_all_full)
}

/// A storage forgets values by itself and cannot count them, so those are counted that were given out lately.
fn admit_in(storage: &Storage, owner: &str) -> Result<(), AuthError> {
    let count = |whose: &str| storage.increment(&format!("values-given-out:{whose}"), WINDOW);
    if !owner.is_empty() {
        let (own, _) = count(owner)?;
        require_room(u64::from(VALUES_PER_CLIENT_MAX) < own, false)?;
    }
    let (all, _) = count("")?;
    require_room(false, u64::from(VALUES_MAX) < all)
}

fn require_room(is_own_full: bool, is_all_full: bool) -> Result<(), AuthError> {
    if is_own_full {
        return Err(AuthError::new(codes::RATE_LIMIT_EXCEEDED).with_retry_after(WINDOW));
    }
    if is_all_full {
        tracing::warn!(VALUES_MAX, "clients have as many values that work once as they may");
        return Err(AuthError::new(codes::SERVER_BUSY).with_retry_after(RETRY_AFTER));
    }
    Ok(())
}

/// Gives out a value for use until it expires.
///
/// # Errors
/// `VALIDATION_ERROR`, or what the database or the storage answers, here and below.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    share: &Share,
    new: &NewValue<'_>,
) -> Result<(), AuthError> {
    let NewValue { purpose, token, value, expires_at, can_be_void } = *new;
    let identifier = &format!("{purpose}{token}");
    limits::VERIFICATION_VALUE.check("what is to be kept of the request", value)?;
    let id = share.id();
    let has_rows = instance.config().keeps_verification_rows();
    if has_rows {
        verification::insert(tx, &id, identifier, value, expires_at)?;
    }
    if let Some(storage) = instance.storage() {
        let now = tx.now();
        let void_mark = if can_be_void && !has_rows {
            Some(verification_copy::void_mark(storage, purpose, value)?)
        } else {
            None
        };
        let kept = Kept {
            identifier: identifier.clone(),
            value: value.to_owned(),
            expires_at,
            created_at: now,
            updated_at: now,
            id: has_rows.then_some(id),
            void_mark,
        };
        beside_rows(has_rows, verification_copy::put(storage, &kept))?;
    }
    Ok(())
}

/// A value to give out.
pub(super) struct NewValue<'a> {
    /// What it is for; its identifier begins with that.
    pub(super) purpose: &'a str,
    /// The secret, and the rest of its identifier.
    pub(super) token: &'a str,
    /// What it stands for.
    pub(super) value: &'a str,
    /// Until when it works.
    pub(super) expires_at: Timestamp,
    /// Whether something can make it [`void`] before that.
    pub(super) can_be_void: bool,
}

/// A value that works once, as a transaction asks for it. What a storage gave away is kept here: it cannot be
/// taken a second time when the transaction has to be run again. Then it may have become void.
pub(super) struct OneTime<'a> {
    instance: &'a Instance,
    purpose: &'static str,
    identifier: String,
    taken: Option<Kept>,
}

impl<'a> OneTime<'a> {
    /// The one with this identifier, which is the purpose and the token.
    pub(super) fn new(instance: &'a Instance, purpose: &'static str, token: &str) -> Self {
        Self { instance, purpose, identifier: format!("{purpose}{token}"), taken: None }
    }

    /// What it stands for, unless it is over; it can still be used afterwards.
    ///
    /// # Errors
    /// As [`insert`].
    pub(super) fn find(&self, tx: &mut Tx<'_>) -> Result<Option<String>, AuthError> {
        let Some(storage) = alone(self.instance) else {
            return Ok(verification::find(tx, &self.identifier)?);
        };
        let found = match &self.taken {
            Some(_) => None,
            None => verification_copy::find(storage, &self.identifier)?,
        };
        let kept = self.taken.as_ref().or(found.as_ref());
        Ok(usable(storage, self.purpose, kept, tx.now())?)
    }

    /// Uses it up and answers what it stands for, unless it is over. Of those who try at the same moment one
    /// gets it.
    ///
    /// # Errors
    /// As [`insert`].
    pub(super) fn consume(&mut self, tx: &mut Tx<'_>) -> Result<Option<String>, AuthError> {
        if let Some(storage) = alone(self.instance) {
            if self.taken.is_none() {
                self.taken = verification_copy::take(storage, &self.identifier)?;
            }
            return Ok(usable(storage, self.purpose, self.taken.as_ref(), tx.now())?);
        }
        if let Some(storage) = self.instance.storage() {
            beside_rows(true, verification_copy::take(storage, &self.identifier).map(drop))?;
        }
        Ok(verification::consume(tx, &self.identifier)?)
    }
}

/// Makes every value void that was given out for one purpose and stands for this, such as all of a user's
/// links to a new password. None of them lives longer than `lifetime`.
///
/// # Errors
/// As [`insert`].
pub(super) fn void(
    tx: &mut Tx<'_>,
    instance: &Instance,
    purpose: &str,
    value: &str,
    lifetime: Duration,
) -> Result<(), AuthError> {
    match alone(instance) {
        Some(storage) => verification_copy::void(storage, purpose, value, tx.now(), lifetime)?,
        None => _ = verification::delete_of_value(tx, purpose, value)?,
    }
    Ok(())
}

/// Removes a limited number of those that are over and answers how many; a storage forgets them by itself.
///
/// # Errors
/// As [`insert`].
pub(super) fn delete_expired(tx: &mut Tx<'_>, instance: &Instance) -> Result<u64, AuthError> {
    if instance.config().keeps_verification_rows() {
        return Ok(verification::delete_expired(tx)?);
    }
    Ok(0)
}

/// The storage, where nothing else holds values.
fn alone(instance: &Instance) -> Option<&Storage> {
    instance.storage().filter(|_| !instance.config().keeps_verification_rows())
}

fn usable(
    storage: &Storage,
    purpose: &str,
    kept: Option<&Kept>,
    now: Timestamp,
) -> Result<Option<String>, StorageError> {
    match kept {
        Some(kept) if now <= kept.expires_at => {
            let is_void = verification_copy::is_void(storage, purpose, kept)?;
            Ok((!is_void).then(|| kept.value.clone()))
        }
        _ => Ok(None),
    }
}

/// Beside rows, which count, the storage may be away.
fn beside_rows(has_rows: bool, done: Result<(), StorageError>) -> Result<(), StorageError> {
    match done {
        Err(error) if has_rows => {
            tracing::warn!(%error, "a value that works once is in the database only");
            Ok(())
        }
        done => done,
    }
}
