//! Where sessions are stored: rows of the database, copies in a secondary storage, or both [contract 11.6]. Only this
//! file knows; the rules are in `sessions`.
//!
//! A revoked session is removed from the storage before the transaction commits. If the storage cannot be reached, the
//! transaction fails and the client gets an error. New and changed sessions are copied after the commit, so that every
//! copy has a row. A copy follows the database: its user is read after the commit and never replaces a newer one.

use std::time::Duration;

use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::session;
use crate::models::session::Revocation;
use crate::models::session::SessionFilter;
use crate::models::session_copy::Copies;
use crate::models::user;
use crate::rows::Page;
use crate::storage::StorageError;

/// The shortest lifetime of a mark that makes older sessions void.
const MARK_MIN: Duration = Duration::from_secs(24 * 60 * 60);

/// The role of the rows in the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Sessions have no rows.
    Absent,
    /// Rows decide; copies are a cache.
    Truth,
    /// Rows are kept as a history; copies decide.
    Record,
}

/// The caller and subject of a revocation.
pub(super) struct Revoking<'a> {
    pub(super) caller: &'a Caller<'a>,
    /// Whether the caller is checked again; a sign-out only needs the token.
    pub(super) rechecks: bool,
    pub(super) user_id: Option<&'a str>,
    pub(super) session_id: Option<&'a str>,
}

/// The sessions of a deployment.
pub(super) struct Store<'a> {
    pub(super) instance: &'a Instance,
    pub(super) copies: Option<Copies<'a>>,
    pub(super) rows: Rows,
}

impl<'a> Store<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        let (users, sessions) = (instance.user_fields(), instance.session_fields());
        let copies = instance.storage().map(|storage| Copies { storage, users, sessions });
        let config = instance.config();
        let rows = match &copies {
            Some(_) if !config.keeps_session_rows() => Rows::Absent,
            Some(_) if config.session.preserve_session_in_database => Rows::Record,
            _ => Rows::Truth,
        };
        Self { instance, copies, rows }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.instance.database().clock().now()
    }

    /// Inserts the row of a new session in the current transaction, and returns whether to copy it. Where copies decide
    /// the storage must be reachable: nobody signs up who then cannot be signed in.
    pub(super) fn insert(&self, tx: &mut Tx<'_>, session: &mut Session) -> Result<bool, AuthError> {
        if self.rows == Rows::Absent {
            user::share(tx, &session.user_id)?;
        }
        let now = tx.now();
        let reserved = match self.copies {
            Some(copies) => self.unless_rows_count(copies.reserve(session, now))?,
            None => None,
        };
        if self.rows != Rows::Absent {
            session::insert(tx, session)?;
        }
        Ok(reserved.is_some())
    }

    /// Writes the copy after the commit, unless the session has been revoked since. The user is read again: a change in
    /// between found no copy to update.
    pub(super) fn publish(&self, begun: SessionWithUser) -> Result<SessionWithUser, AuthError> {
        let Some(copies) = self.copies else { return Ok(begun) };
        if self.unless_rows_count(copies.put(&begun, self.now()))? != Some(true) {
            return Ok(begun);
        }
        let token = &begun.session.token;
        let user = self.instance.database().read(|tx| user::find(tx, &begun.user.id))?;
        let Some(user) = user else {
            copies.remove(token)?;
            return Ok(begun);
        };
        if user != begun.user {
            copies.refresh(token, &user)?;
        }
        Ok(SessionWithUser { user, ..begun })
    }

    /// Ignores a failure of the storage where rows decide: they are read instead.
    fn unless_rows_count<T>(
        &self,
        copied: Result<T, StorageError>,
    ) -> Result<Option<T>, AuthError> {
        match copied {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if self.rows == Rows::Truth => {
                tracing::warn!(%error, "secondary storage unavailable: reading sessions from the database");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn find_with_user(&self, token: &str) -> Result<Option<SessionWithUser>, AuthError> {
        if let Some(copies) = self.copies {
            let copy = self.unless_rows_count(copies.find(token))?.flatten();
            if copy.is_some() || self.rows != Rows::Truth {
                return Ok(copy);
            }
        }
        Ok(self.instance.database().read(|tx| session::find_with_user(tx, token))?)
    }

    /// The session and its user inside a transaction; the user comes from its row.
    pub(super) fn find_in(
        &self,
        tx: &mut Tx<'_>,
        token: &str,
    ) -> Result<Option<SessionWithUser>, AuthError> {
        let Some(copies) = self.copies.filter(|_| self.rows != Rows::Truth) else {
            return Ok(session::find_with_user(tx, token)?);
        };
        let Some(SessionWithUser { session, user }) = copies.find(token)? else {
            return Ok(None);
        };
        Ok(user::find(tx, &user.id)?.map(|user| SessionWithUser { session, user }))
    }

    /// Deletes what is left of an expired session.
    pub(super) fn delete_expired(&self, token: &str) -> Result<(), AuthError> {
        if let Some(copies) = self.copies {
            self.unless_rows_count(copies.remove(token))?;
        }
        if self.rows == Rows::Truth {
            self.instance.database().write_one(|tx| session::delete_expired(tx, token))?;
        }
        Ok(())
    }

    /// Moves the expiry of a session and returns it; `None` when it is gone.
    pub(super) fn extend(
        &self,
        session: &Session,
        expires_at: Timestamp,
    ) -> Result<Option<Session>, AuthError> {
        let token = session.token.as_str();
        let row = match self.rows {
            Rows::Absent => None,
            // A browser sends many requests at once, and each would only repeat the same update.
            Rows::Truth | Rows::Record => self.instance.database().write_one(|tx| {
                let extended = Session { expires_at, updated_at: tx.now(), ..session.clone() };
                Ok::<_, AuthError>(session::extend(tx, token, expires_at)?.then_some(extended))
            })?,
        };
        let now = row.as_ref().map_or_else(|| self.now(), |row| row.updated_at);
        self.change_copy(row, |copies| copies.extend(token, expires_at, now))
    }

    /// Changes the additional fields of a session and returns it; `None` when it is gone.
    pub(super) fn update(
        &self,
        token: &str,
        change: impl Fn(&mut Session),
    ) -> Result<Option<Session>, AuthError> {
        let change_row = |tx: &mut Tx<'_>| {
            let Some(mut session) = session::find(tx, token)? else {
                return Ok(None);
            };
            change(&mut session);
            session.updated_at = tx.now();
            session::update(tx, &session)?;
            Ok::<_, AuthError>(Some(session))
        };
        let row = match self.rows {
            Rows::Absent => None,
            Rows::Truth | Rows::Record => self.instance.database().write(change_row)?,
        };
        let now = row.as_ref().map_or_else(|| self.now(), |row| row.updated_at);
        self.change_copy(row, |copies| {
            copies.change(token, |session| {
                change(session);
                session.updated_at = now;
            })
        })
    }

    /// Updates the copy from a row that decides; without such a row the copy decides.
    fn change_copy(
        &self,
        row: Option<Session>,
        change: impl FnOnce(Copies<'a>) -> Result<Option<Session>, StorageError>,
    ) -> Result<Option<Session>, AuthError> {
        let Some(copies) = self.copies else { return Ok(row) };
        if self.rows == Rows::Truth && row.is_none() {
            return Ok(None);
        }
        let copy = change(copies)?;
        Ok(if self.rows == Rows::Truth { row } else { copy })
    }

    /// Updates the user in the copies of a user's sessions; a deleted user has none.
    pub(super) fn refresh(&self, user_id: &str) -> Result<(), AuthError> {
        let Some(copies) = self.copies else { return Ok(()) };
        let user = self.instance.database().read(|tx| user::find(tx, user_id))?;
        Ok(user.map_or(Ok(()), |user| copies.refresh_all(&user))?)
    }

    /// Revokes the session with this token; `false` if there was none.
    pub(super) fn delete(&self, token: &str, revoking: &Revoking<'_>) -> Result<bool, AuthError> {
        let which = Revocation { token: Some(token), ..Revocation::default() };
        let remove = || self.remove_copy(token);
        let delete = |tx: &mut Tx<'_>| session::delete(tx, token).map(u64::from);
        Ok(0 < self.revoke(revoking, which, remove, delete)?)
    }

    /// Deletes the row of a session whose token cannot be read, so that no copy has it; `false` if there was none.
    pub(super) fn delete_row(
        &self,
        session: &Session,
        revoking: &Revoking<'_>,
    ) -> Result<bool, AuthError> {
        let which = Revocation { token: Some(&session.token), ..Revocation::default() };
        let delete = |tx: &mut Tx<'_>| session::delete_row(tx, &session.id);
        Ok(0 < self.revoke(revoking, which, || Ok(0), delete)?)
    }

    /// Removes the copy of a session; answers how many there were.
    pub(super) fn remove_copy(&self, token: &str) -> Result<u64, AuthError> {
        Ok(self.copies.map_or(Ok(false), |copies| copies.remove(token))?.into())
    }

    /// Revokes the session with this token if it belongs to this user.
    pub(super) fn delete_own(
        &self,
        token: &str,
        user_id: &str,
        revoking: &Revoking<'_>,
    ) -> Result<(), AuthError> {
        let copy = self.copies.map(|copies| copies.find(token)).transpose()?.flatten();
        if copy.is_some_and(|copy| copy.user.id != user_id) {
            return Ok(());
        }
        let which =
            Revocation { token: Some(token), user_id: Some(user_id), ..Revocation::default() };
        let remove = || self.remove_copy(token);
        let delete = |tx: &mut Tx<'_>| session::delete_own(tx, token, user_id).map(u64::from);
        self.revoke(revoking, which, remove, delete).map(drop)
    }

    /// Revokes every session of a user but one.
    pub(super) fn delete_others(
        &self,
        user_id: &str,
        token: &str,
        revoking: &Revoking<'_>,
    ) -> Result<(), AuthError> {
        let mut others = Vec::new();
        if self.copies.is_some() {
            let own = SessionFilter { user_id: Some(user_id.to_owned()), ..Default::default() };
            let all = Page { limit: u32::MAX, offset: 0 };
            others = self.gather(&own)?.into_iter().chain(self.list_rows(&own, all)?).collect();
            others.retain(|session| session.token != token);
        }
        let which =
            Revocation { user_id: Some(user_id), except: Some(token), ..Revocation::default() };
        let remove = || others.iter().map(|other| self.remove_copy(&other.token)).sum();
        let delete = |tx: &mut Tx<'_>| session::delete_others(tx, user_id, token);
        self.revoke(revoking, which, remove, delete).map(drop)
    }

    /// Revokes every session of a user in the current transaction.
    pub(super) fn delete_of_user(&self, tx: &mut Tx<'_>, user_id: &str) -> Result<u64, AuthError> {
        if self.rows == Rows::Absent {
            user::claim(tx, user_id)?;
        }
        let copied = self.remove_copies_of(tx, user_id)?;
        let rows = match self.rows {
            Rows::Absent => 0,
            Rows::Truth => session::delete_of_user(tx, user_id)?,
            Rows::Record => {
                session::end(tx, Revocation { user_id: Some(user_id), ..Revocation::default() })?
            }
        };
        Ok(rows.max(copied))
    }

    /// As [`Store::delete_of_user`], for a user to be deleted: no history row may refer to them.
    pub(super) fn delete_for_good(&self, tx: &mut Tx<'_>, user_id: &str) -> Result<(), AuthError> {
        self.remove_copies_of(tx, user_id)?;
        if self.rows != Rows::Absent {
            session::delete_of_user(tx, user_id)?;
        }
        Ok(())
    }

    /// Revokes the sessions with this value of an additional field. Without rows they cannot be found, and expire by
    /// themselves.
    pub(super) fn delete_by(
        &self,
        tx: &mut Tx<'_>,
        field: &str,
        value: &str,
    ) -> Result<(), AuthError> {
        if self.rows == Rows::Absent {
            return Ok(());
        }
        let tokens = session::delete_by(tx, field, value)?;
        if let Some(copies) = self.copies {
            tokens.iter().try_for_each(|token| copies.remove(token).map(drop))?;
        }
        Ok(())
    }

    fn remove_copies_of(&self, tx: &Tx<'_>, user_id: &str) -> Result<u64, AuthError> {
        let Some(copies) = self.copies else { return Ok(0) };
        let lifetime = self.instance.config().session.expires_in.max(MARK_MIN);
        Ok(copies.remove_of_user(user_id, tx.now(), lifetime)?)
    }

    /// Revokes every session of every user and returns how many there were.
    pub(super) fn delete_all(&self, revoking: &Revoking<'_>) -> Result<u64, AuthError> {
        let remove = || {
            let mut count = 0;
            let Some(copies) = self.copies else { return Ok(count) };
            let lifetime = self.instance.config().session.expires_in.max(MARK_MIN);
            copies.each_user(|user_id| {
                count += copies.remove_of_user(user_id, self.now(), lifetime)?;
                Ok::<_, StorageError>(())
            })?;
            Ok(count)
        };
        self.revoke(revoking, Revocation::default(), remove, session::delete_all)
    }

    /// Removes copies, then rows, and returns the number of sessions. Repeated checks and events share a transaction
    /// with the rows; without them a single statement is enough.
    fn revoke(
        &self,
        revoking: &Revoking<'_>,
        which: Revocation<'_>,
        remove_copies: impl Fn() -> Result<u64, AuthError>,
        mut delete: impl FnMut(&mut Tx<'_>) -> Result<u64, DatabaseError>,
    ) -> Result<u64, AuthError> {
        let Revoking { caller, rechecks, user_id, session_id } = *revoking;
        let (database, instance) = (self.instance.database(), self.instance);
        let mut end_rows = |tx: &mut Tx<'_>| match self.rows {
            Rows::Absent => Ok(0),
            Rows::Truth => delete(tx),
            Rows::Record => session::end(tx, which),
        };
        let is_free = caller.is_trusted() || !rechecks;
        if is_free && !instance.has_listeners() {
            let copied = remove_copies()?;
            let is_absent = self.rows == Rows::Absent;
            return Ok(if is_absent { copied } else { database.write_one(end_rows)?.max(copied) });
        }
        database.write(|tx| {
            if rechecks {
                caller.recheck(tx)?;
            }
            let count = remove_copies()?.max(end_rows(tx)?);
            if 0 < count {
                let kind = EventKind::SessionsRevoked { session_id, count };
                instance.emit(tx, caller, user_id, kind)?;
            }
            Ok(count)
        })
    }
}
