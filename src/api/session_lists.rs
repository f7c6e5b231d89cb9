//! Lists of sessions and lookup by id, from rows or from copies.

use crate::api::session_store::Rows;
use crate::api::session_store::Store;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::Session;
use crate::models::session;
use crate::models::session::SessionField;
use crate::models::session::SessionFilter;
use crate::rows::Page;
use crate::storage::StorageError;

/// The most sessions that a list collects from the storage, which can neither sort nor count.
const GATHERED_MAX: usize = 10_000;

impl Store<'_> {
    /// One page of sessions.
    pub(super) fn list(
        &self,
        filter: &SessionFilter,
        page: Page,
    ) -> Result<Vec<Session>, AuthError> {
        if self.rows == Rows::Truth {
            return self.list_rows(filter, page);
        }
        let mut sessions = self.gather(filter)?;
        let key = |session: &Session| match filter.sort {
            SessionField::CreatedAt => session.created_at,
            SessionField::UpdatedAt => session.updated_at,
            SessionField::ExpiresAt => session.expires_at,
        };
        sessions.sort_by(|left, right| {
            filter.direction.of((key(left), &left.id).cmp(&(key(right), &right.id)))
        });
        let (limit, offset) = (page.limit as usize, page.offset as usize);
        Ok(sessions.into_iter().skip(offset).take(limit).collect())
    }

    pub(super) fn list_rows(
        &self,
        filter: &SessionFilter,
        page: Page,
    ) -> Result<Vec<Session>, AuthError> {
        if self.rows != Rows::Truth {
            return Ok(Vec::new());
        }
        let database = self.instance.database();
        Ok(database.read(|tx| session::list(tx, filter, page))?)
    }

    /// How many sessions match the filter.
    pub(super) fn count(&self, filter: &SessionFilter) -> Result<u64, AuthError> {
        if self.rows == Rows::Truth {
            return Ok(self.instance.database().read(|tx| session::count(tx, filter))?);
        }
        Ok(self.gather(filter)?.len() as u64)
    }

    /// The live copies that match the filter.
    pub(super) fn gather(&self, filter: &SessionFilter) -> Result<Vec<Session>, AuthError> {
        let Some(copies) = self.copies else { return Ok(Vec::new()) };
        if let Some(user_id) = &filter.user_id {
            return Ok(copies.list(user_id, self.now())?);
        }
        let mut sessions: Vec<Session> = Vec::new();
        copies.each_user(|user_id| {
            sessions.extend(copies.list(user_id, self.now())?);
            if GATHERED_MAX < sessions.len() {
                return Err(AuthError::new(codes::TOO_MANY_SESSIONS));
            }
            Ok(())
        })?;
        // A scan can return the same user twice.
        sessions.sort_by(|left, right| left.token.cmp(&right.token));
        sessions.dedup_by(|left, right| left.token == right.token);
        Ok(sessions)
    }

    /// The session with this id or token.
    pub(super) fn find(&self, id_or_token: &str) -> Result<Option<Session>, AuthError> {
        if self.rows == Rows::Truth {
            let database = self.instance.database();
            return Ok(database.read(|tx| session::find(tx, id_or_token))?);
        }
        let Some(copies) = self.copies else { return Ok(None) };
        if let Some(copy) = copies.find(id_or_token)? {
            return Ok(Some(copy.session));
        }
        let mut found = None;
        copies.each_user(|user_id| {
            let mut own = copies.list(user_id, self.now())?.into_iter();
            found = found.take().or_else(|| own.find(|session| session.id == id_or_token));
            Ok::<_, StorageError>(())
        })?;
        Ok(found)
    }
}
