//! Live sessions in secondary storage, under Better Auth's keys and in its JSON [contract 11.6].
//!
//! A token leads to the session and its user. A list per user says which tokens those are; it is written
//! before what it names and removed after it, so whoever ends all of them misses none. A mark per user says
//! since when older sessions are over, for those that another server is still writing.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::database::Timestamp;
use crate::models::Additional;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::session::Sessions;
use crate::models::user::Users;
use crate::storage::Edit;
use crate::storage::Storage;
use crate::storage::StorageError;

/// What the keys of the lists begin with.
const LISTS: &str = "active-sessions-";
/// What the keys of the marks begin with.
const MARKS: &str = "revoked-sessions-before-";

/// The copies of a deployment, and the tables that say which fields they have.
#[derive(Clone, Copy)]
pub struct Copies<'a> {
    /// Where they are.
    pub storage: &'a Storage,
    /// The table of users.
    pub users: &'a Users,
    /// The table of sessions.
    pub sessions: &'a Sessions,
}

/// An entry of a user's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    token: String,
    /// Milliseconds since 1970.
    expires_at: i64,
}

impl Copies<'_> {
    /// Puts a session on the list of its user; it is none before it is [`Copies::put`].
    ///
    /// # Errors
    /// What the storage answers, here and below.
    pub fn announce(&self, session: &Session, now: Timestamp) -> Result<(), StorageError> {
        self.list_it(session, now)
    }

    /// Writes a session and its user, until it ends.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn put(&self, copy: &SessionWithUser, now: Timestamp) -> Result<(), StorageError> {
        self.list_it(&copy.session, now)?;
        let ttl = span(now, copy.session.expires_at);
        self.storage.set(&copy.session.token, &text(copy)?, ttl)
    }

    /// The session with this token and its user, whether its time is over or not.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn find(&self, token: &str) -> Result<Option<SessionWithUser>, StorageError> {
        let text = self.storage.get(token)?;
        let Some(copy) = text.and_then(|text| self.read(token, &text)) else {
            return Ok(None);
        };
        let is_over = copy.session.created_at < self.mark(&copy.user.id)?;
        Ok(Some(copy).filter(|_| !is_over))
    }

    /// Changes a session; `None` when it is gone. A session that somebody else ends at the same moment stays
    /// ended.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn change(
        &self,
        token: &str,
        now: Timestamp,
        mut change: impl FnMut(&mut Session),
    ) -> Result<Option<Session>, StorageError> {
        let Some(before) = self.find(token)? else {
            return Ok(None);
        };
        let mut after = before.session;
        change(&mut after);
        self.list_it(&after, now)?;
        let is_there = self.rewrite(token, now, |copy| change(&mut copy.session))?;
        Ok(is_there.then_some(after))
    }

    /// Gives every live session of a user their row as it is now.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn refresh(&self, user: &User, now: Timestamp) -> Result<(), StorageError> {
        for token in self.tokens(&user.id, now)? {
            self.rewrite(&token, now, |copy| copy.user.clone_from(user))?;
        }
        Ok(())
    }

    /// The live sessions of a user, in the order in which they end.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn list(&self, user_id: &str, now: Timestamp) -> Result<Vec<Session>, StorageError> {
        let mark = self.mark(user_id)?;
        let mut sessions = Vec::new();
        for token in self.tokens(user_id, now)? {
            let text = self.storage.get(&token)?;
            let found = text.and_then(|text| self.read(&token, &text)).map(|copy| copy.session);
            sessions.extend(found.filter(|session| {
                session.user_id == user_id && now < session.expires_at && mark <= session.created_at
            }));
        }
        Ok(sessions)
    }

    /// Ends the session with this token; `false` when there was none.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn remove(&self, token: &str, now: Timestamp) -> Result<bool, StorageError> {
        let text = self.storage.get(token)?;
        let Some(copy) = text.and_then(|text| self.read(token, &text)) else {
            return Ok(false);
        };
        let was_there = self.storage.remove(token)?;
        self.unlist(&copy.user.id, now, |listed| listed == token)?;
        Ok(was_there)
    }

    /// Ends every session of a user that began before now, those included that another server is still
    /// writing, and answers how many there were. The mark stays for as long as such a session could live.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn remove_of_user(
        &self,
        user_id: &str,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<u64, StorageError> {
        self.storage.edit(&format!("{MARKS}{user_id}"), |before| {
            let before = before.and_then(|text| text.parse().ok()).unwrap_or(i64::MIN);
            Edit::Put(now.as_millis().max(before).to_string(), lifetime)
        })?;
        let tokens = self.tokens(user_id, now)?;
        let mut count = 0;
        for token in &tokens {
            count += u64::from(self.storage.remove(token)?);
        }
        self.unlist(user_id, now, |listed| tokens.contains(listed))?;
        Ok(count)
    }

    /// Everybody who has sessions; one who comes or goes meanwhile may be missed.
    ///
    /// # Errors
    /// As [`Copies::announce`].
    pub fn each_user<E: From<StorageError>>(
        &self,
        mut each: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        self.storage.walk(LISTS, |key| key.strip_prefix(LISTS).map_or(Ok(()), &mut each))
    }

    fn tokens(&self, user_id: &str, now: Timestamp) -> Result<BTreeSet<String>, StorageError> {
        let text = self.storage.get(&format!("{LISTS}{user_id}"))?;
        let alive = alive(text.as_deref(), now).into_iter();
        Ok(alive.map(|listed| listed.token).collect())
    }

    fn list_it(&self, session: &Session, now: Timestamp) -> Result<(), StorageError> {
        self.edit_list(&session.user_id, now, |list| {
            list.retain(|listed| listed.token != session.token);
            let expires_at = session.expires_at.as_millis();
            list.push(Listed { token: session.token.clone(), expires_at });
        })
    }

    fn unlist(
        &self,
        user_id: &str,
        now: Timestamp,
        is_gone: impl Fn(&String) -> bool,
    ) -> Result<(), StorageError> {
        self.edit_list(user_id, now, |list| list.retain(|listed| !is_gone(&listed.token)))
    }

    fn edit_list(
        &self,
        user_id: &str,
        now: Timestamp,
        edit: impl Fn(&mut Vec<Listed>),
    ) -> Result<(), StorageError> {
        let edited = |text: Option<&str>| {
            let mut list = alive(text, now);
            edit(&mut list);
            list.sort_by_key(|listed| listed.expires_at);
            let Some(last) = list.last() else {
                return if text.is_some() { Edit::Remove } else { Edit::Leave };
            };
            let ttl = span(now, Timestamp::from_millis(last.expires_at));
            serde_json::to_string(&list).map_or(Edit::Leave, |text| Edit::Put(text, ttl))
        };
        self.storage.edit(&format!("{LISTS}{user_id}"), edited).map(drop)
    }

    /// Changes a copy that is there; `false` when it is not, or not any more.
    fn rewrite(
        &self,
        token: &str,
        now: Timestamp,
        mut change: impl FnMut(&mut SessionWithUser),
    ) -> Result<bool, StorageError> {
        let mut is_there = false;
        self.storage.edit(token, |before| {
            let Some(mut copy) = before.and_then(|text| self.read(token, text)) else {
                is_there = false;
                return Edit::Leave;
            };
            is_there = true;
            change(&mut copy);
            let ttl = span(now, copy.session.expires_at);
            match text(&copy) {
                Ok(after) if before != Some(after.as_str()) => Edit::Put(after, ttl),
                _ => Edit::Leave,
            }
        })?;
        Ok(is_there)
    }

    fn mark(&self, user_id: &str) -> Result<Timestamp, StorageError> {
        let text = self.storage.get(&format!("{MARKS}{user_id}"))?;
        let mark = text.and_then(|text| text.parse().ok()).unwrap_or(i64::MIN);
        Ok(Timestamp::from_millis(mark))
    }

    /// What cannot be read is no session: the token must be the one that it names, so that no other key of
    /// the storage passes for one.
    fn read(&self, token: &str, text: &str) -> Option<SessionWithUser> {
        let copy: SessionWithUser = serde_json::from_str(text).ok()?;
        let session = self.sessions.with_fields_of(copy.session);
        let user = self.users.with_fields_of(copy.user);
        let fits = session.token == token && session.user_id == user.id;
        fits.then_some(SessionWithUser { session, user })
    }
}

/// Better Auth's JSON, with the fields that clients do not see.
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

/// The entries of a list that are not over; a list that cannot be read has none. At the moment of its end an entry may
/// as well stay: what it leads to has the time of its own.
fn alive(text: Option<&str>, now: Timestamp) -> Vec<Listed> {
    let list: Option<Vec<Listed>> = text.and_then(|text| serde_json::from_str(text).ok());
    let mut list = list.unwrap_or_default();
    list.retain(|listed| now.as_millis() < listed.expires_at);
    list
}

/// From one instant to a later one.
fn span(now: Timestamp, until: Timestamp) -> Duration {
    let millis = until.as_millis().saturating_sub(now.as_millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}
