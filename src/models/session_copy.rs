//! Live sessions in secondary storage, under Better Auth's keys and in its JSON [contract 11.6].
//!
//! A token maps to the session and its user. It is reserved in the transaction that begins the session and filled after
//! the commit, unless it was removed in between: so a revocation also stops sessions that another server is still
//! writing. A mark per user revokes older sessions of programs that reserve nothing.
//!
//! The user in a copy is never replaced by an older version.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Map;
use serde_json::Value;

use crate::database::Timestamp;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::mark;
use crate::models::session_list;
use crate::rows::Additional;
use crate::rows::Fields;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// The value of a token whose session is not committed yet. Better Auth reads it as no session.
const RESERVED: &str = "null";
/// How long a token stays reserved: longer than any transaction takes.
const RESERVED_FOR: Duration = Duration::from_secs(5 * 60);

/// The copies of sessions, and the additional fields in them.
#[derive(Clone, Copy)]
pub struct Copies<'a> {
    /// The storage.
    pub storage: &'a Storage,
    /// Additional fields of users.
    pub users: &'a Fields,
    /// Additional fields of sessions.
    pub sessions: &'a Fields,
}

impl Copies<'_> {
    /// Reserves the token of a session that is about to begin, and lets it begin no earlier than the revocation mark of
    /// its user, whatever the clock says: an earlier revocation does not apply to it.
    pub fn reserve(&self, session: &mut Session, now: Timestamp) -> Result<(), StorageError> {
        let (token, user_id) = (&session.token, &session.user_id);
        self.storage.set(token, RESERVED, RESERVED_FOR)?;
        session_list::add(self.storage, user_id, token, session.expires_at, now)?;
        // Read after the token is on the list: a later revocation finds the token there.
        let mark = mark::find(self.storage, &mark_key(user_id))?;
        session.created_at = mark.map_or(session.created_at, |mark| mark.max(session.created_at));
        Ok(())
    }

    /// Writes a session and its user under the reserved token; `false` if it has been revoked meanwhile.
    pub fn put(&self, copy: &SessionWithUser, now: Timestamp) -> Result<bool, StorageError> {
        let (text, ttl) = (text(copy)?, now.until(copy.session.expires_at));
        self.storage.edit(&copy.session.token, |before| match before {
            Some(RESERVED) => Edit::Put(text.clone(), ttl),
            _ => Edit::Leave,
        })
    }

    /// The session with this token and its user, expired or not.
    pub fn find(&self, token: &str) -> Result<Option<SessionWithUser>, StorageError> {
        let text = self.storage.get(token)?;
        let Some(copy) = text.and_then(|text| self.read(token, &text)) else {
            return Ok(None);
        };
        let mark = mark::find(self.storage, &mark_key(&copy.user.id))?;
        Ok(Some(copy).filter(|copy| is_after(mark, &copy.session)))
    }

    /// Changes a session; `None` if it is gone. A concurrent revocation wins.
    pub fn change(
        &self,
        token: &str,
        change: impl Fn(&mut Session),
    ) -> Result<Option<Session>, StorageError> {
        if self.find(token)?.is_none() {
            return Ok(None);
        }
        let after = self.rewrite(token, None, |copy| change(&mut copy.session))?;
        Ok(after.map(|copy| copy.session))
    }

    /// As [`Copies::change`], and moves the expiry to `expires_at`.
    pub fn extend(
        &self,
        token: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Session>, StorageError> {
        let Some(SessionWithUser { session, .. }) = self.find(token)? else {
            return Ok(None);
        };
        session_list::add(self.storage, &session.user_id, token, expires_at, now)?;
        let after = self.rewrite(token, Some(now.until(expires_at)), |copy| {
            copy.session.expires_at = expires_at;
            copy.session.updated_at = now;
        })?;
        Ok(after.map(|copy| copy.session))
    }

    /// Updates the user in the copy with this token, unless it has a newer version already.
    pub fn refresh(&self, token: &str, user: &User) -> Result<(), StorageError> {
        let renew = |copy: &mut SessionWithUser| {
            if copy.user.updated_at <= user.updated_at {
                copy.user.clone_from(user);
            }
        };
        self.rewrite(token, None, renew).map(drop)
    }

    /// As [`Copies::refresh`], for every session of the user.
    pub fn refresh_all(&self, user: &User) -> Result<(), StorageError> {
        self.tokens(&user.id)?.iter().try_for_each(|token| self.refresh(token, user))
    }

    /// The live sessions of a user.
    pub fn list(&self, user_id: &str, now: Timestamp) -> Result<Vec<Session>, StorageError> {
        let mark = mark::find(self.storage, &mark_key(user_id))?;
        let mut sessions = Vec::new();
        for token in self.tokens(user_id)? {
            let text = self.storage.get(&token)?;
            let found = text.and_then(|text| self.read(&token, &text)).map(|copy| copy.session);
            sessions.extend(found.filter(|session| {
                session.user_id == user_id && now < session.expires_at && is_after(mark, session)
            }));
        }
        Ok(sessions)
    }

    /// Removes the session with this token, or its reservation; `false` if there was none.
    pub fn remove(&self, token: &str) -> Result<bool, StorageError> {
        match self.storage.get(token)? {
            Some(text) if text == RESERVED => self.storage.remove(token),
            Some(text) => {
                let Some(copy) = self.read(token, &text) else {
                    return Ok(false);
                };
                let was_there = self.storage.remove(token)?;
                session_list::remove(self.storage, &copy.user.id, |listed| listed == token)?;
                Ok(was_there)
            }
            None => Ok(false),
        }
    }

    /// Removes every session of a user, including those that another server is still writing, and returns how many
    /// there were. The mark is kept for as long as such a session could live.
    pub fn remove_of_user(
        &self,
        user_id: &str,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<u64, StorageError> {
        mark::raise(self.storage, &mark_key(user_id), now, lifetime)?;
        let tokens = self.tokens(user_id)?;
        let mut count = 0;
        for token in &tokens {
            count += u64::from(self.storage.remove(token)?);
        }
        session_list::remove(self.storage, user_id, |listed| tokens.contains(listed))?;
        Ok(count)
    }

    /// Calls `each` with every user who has sessions; concurrent changes may be missed.
    pub fn each_user<E: From<StorageError>>(
        &self,
        each: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        session_list::each_user(self.storage, each)
    }

    fn tokens(&self, user_id: &str) -> Result<BTreeSet<String>, StorageError> {
        session_list::tokens(self.storage, user_id)
    }

    /// Changes an existing copy and returns it; `None` if it is gone. Without a new lifetime it keeps the remaining
    /// one.
    fn rewrite(
        &self,
        token: &str,
        ttl: Option<Duration>,
        change: impl Fn(&mut SessionWithUser),
    ) -> Result<Option<SessionWithUser>, StorageError> {
        let mut after = None;
        self.storage.edit(token, |before| {
            after = before.and_then(|text| self.read(token, text));
            let Some(copy) = &mut after else {
                return Edit::Leave;
            };
            change(copy);
            match (text(copy), ttl) {
                (Ok(text), _) if before == Some(text.as_str()) => Edit::Leave,
                (Ok(text), Some(ttl)) => Edit::Put(text, ttl),
                (Ok(text), None) => Edit::Replace(text),
                (Err(_), _) => Edit::Leave,
            }
        })?;
        Ok(after)
    }

    /// An unreadable copy is no session. The token must match the one in the copy, so that no other key of the storage
    /// is accepted.
    fn read(&self, token: &str, text: &str) -> Option<SessionWithUser> {
        let SessionWithUser { mut session, mut user } = serde_json::from_str(text).ok()?;
        session.additional = self.sessions.pick(&session.additional.returned);
        user.additional = self.users.pick(&user.additional.returned);
        let fits = session.token == token && session.user_id == user.id;
        fits.then_some(SessionWithUser { session, user })
    }
}

fn mark_key(user_id: &str) -> String {
    format!("revoked-sessions-before-{user_id}")
}

fn is_after(mark: Option<Timestamp>, session: &Session) -> bool {
    mark.is_none_or(|mark| mark <= session.created_at)
}

/// Better Auth's JSON, including the fields that clients do not see.
fn text(copy: &SessionWithUser) -> Result<String, StorageError> {
    let failed = |error: serde_json::Error| StorageError::Other(error.to_string());
    let mut both = serde_json::to_value(copy).map_err(failed)?;
    for (name, additional) in
        [("session", &copy.session.additional), ("user", &copy.user.additional)]
    {
        if let Some(members) = both.get_mut(name).and_then(Value::as_object_mut) {
            reveal(members, additional);
        }
    }
    serde_json::to_string(&both).map_err(failed)
}

fn reveal(members: &mut Map<String, Value>, additional: &Additional) {
    members.extend(additional.hidden.clone());
}
