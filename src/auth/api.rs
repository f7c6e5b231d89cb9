//! `auth.api()`: the calls of the reference by name, typed in and out.

use http::HeaderMap;
use http::Method;
use http::Request;
use serde_json::Map;
use serde_json::Value;

use crate::api::accounts;
use crate::api::fields::WrittenBy;
use crate::api::lockout;
use crate::api::passwords;
use crate::api::sessions;
use crate::api::users;
use crate::api::users::NewUser;
use crate::api::users::UserChanges;
use crate::api::who;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Context;
use crate::http::Peer;
use crate::http::site::Site;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::models::Account;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::session::SessionFilter;
use crate::models::user::UserFilter;
use crate::rows::Page;

/// Rows of a list when nobody says how many.
pub(super) const LIMIT: u32 = 100;

/// The rules as typed calls. Whoever holds it is trusted: there are no sessions to check here.
#[derive(Clone, Copy)]
pub struct Api<'a> {
    pub(super) instance: &'a Instance,
    pub(super) site: &'a Site,
    pub(super) actor: &'a Actor,
}

/// Which users to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListUsers {
    /// Rows at most.
    pub limit: u32,
    /// Rows passed over first.
    pub offset: u32,
    /// Search text and order.
    pub filter: UserFilter,
    /// Count all that match too; takes as long as there are many.
    pub total: bool,
}

impl Default for ListUsers {
    fn default() -> Self {
        Self { limit: LIMIT, offset: 0, filter: UserFilter::default(), total: false }
    }
}

/// A page of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserList {
    /// The page.
    pub users: Vec<User>,
    /// How many match, if it was asked for.
    pub total: Option<u64>,
}

/// Which sessions to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSessions {
    /// Rows at most.
    pub limit: u32,
    /// Rows passed over first.
    pub offset: u32,
    /// Whose, which, and the order.
    pub filter: SessionFilter,
    /// Count all that match too; takes as long as there are many.
    pub total: bool,
}

impl Default for ListSessions {
    fn default() -> Self {
        Self { limit: LIMIT, offset: 0, filter: SessionFilter::default(), total: false }
    }
}

/// A page of sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionList {
    /// The page.
    pub sessions: Vec<Session>,
    /// How many match, if it was asked for.
    pub total: Option<u64>,
}

impl Api<'_> {
    /// Who acts: an operator, or the program. Nothing of a request leads here.
    pub(super) fn caller(&self) -> Caller<'static> {
        Caller::trusted(self.actor.clone())
    }

    /// The session that the `Cookie` header of a request stands for. Reads only: a session is
    /// extended by `/get-session`, which can send the cookie again.
    ///
    /// # Errors
    /// `CONFIG_INVALID`, `DATABASE_UNAVAILABLE`; the latter of every call here.
    pub fn get_session(&self, headers: &HeaderMap) -> Result<Option<SessionWithUser>, AuthError> {
        let mut request = Request::new(());
        *request.method_mut() = Method::GET;
        headers.clone_into(request.headers_mut());
        let (parts, ()) = request.into_parts();
        let mut cx = Context::new(self.instance, self.site, (&parts, &[]), Peer::unknown());
        self.site.hooks.before(&mut cx, "/get-session", &mut None)?;
        let Some(token) = cx.session_token()? else {
            return Ok(None);
        };
        Ok(sessions::peek(self.instance, &token)?.map(|(found, _)| found))
    }

    /// Makes a user.
    ///
    /// # Errors
    /// `INVALID_EMAIL`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`,
    /// `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`, `MISSING_FIELD`, `VALIDATION_ERROR`,
    /// `SCHEMA_MISMATCH`.
    pub fn create_user(&self, new: &NewUser) -> Result<User, AuthError> {
        users::create(self.instance, new, &self.caller())
    }

    /// The user with this id or address, if there is one.
    ///
    /// # Errors
    /// `AMBIGUOUS_USER` when several users have this address in other spellings, and none in this one.
    pub fn find_user(&self, id_or_email: &str) -> Result<Option<User>, AuthError> {
        who::find(self.instance, id_or_email)
    }

    /// The user with this id or address.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, and as [`Api::find_user`].
    pub fn get_user(&self, id_or_email: &str) -> Result<User, AuthError> {
        self.find_user(id_or_email)?.ok_or_else(|| codes::USER_NOT_FOUND.into())
    }

    /// Changes a user and answers the row as it is then.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `INVALID_EMAIL`, `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`,
    /// `VALIDATION_ERROR`, `BAD_REQUEST` when there is nothing to change.
    pub fn update_user(&self, user_id: &str, changes: &UserChanges) -> Result<User, AuthError> {
        users::update(self.instance, user_id, changes, WrittenBy::Server, &self.caller())
    }

    /// Sets a password and, unless told to keep them, ends the user's sessions; answers how many.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`.
    pub fn set_password(
        &self,
        user_id: &str,
        password: &Secret,
        keep_sessions: bool,
    ) -> Result<u64, AuthError> {
        passwords::set(self.instance, user_id, password, keep_sessions, &self.caller())
    }

    /// Lets a user sign in again whose name too many wrong passwords have locked; `false` when nothing had failed.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`.
    pub fn unlock_user(&self, user_id: &str) -> Result<bool, AuthError> {
        lockout::unlock(self.instance, user_id, &self.caller())
    }

    /// Deletes a user with their sessions and accounts.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `FOREIGN_KEY_VIOLATION` when rows of the application refer to them.
    pub fn delete_user(&self, user_id: &str) -> Result<(), AuthError> {
        users::delete(self.instance, user_id, &self.caller())
    }

    /// Deletes all of these users, or none.
    pub fn delete_users(&self, user_ids: &[&str]) -> Result<(), AuthError> {
        users::delete_all(self.instance, user_ids, &self.caller())
    }

    /// One page of users.
    pub fn list_users(&self, list: &ListUsers) -> Result<UserList, AuthError> {
        let page = Page { limit: list.limit, offset: list.offset };
        let users = users::list(self.instance, &list.filter, page)?;
        let count = || users::count(self.instance, &list.filter);
        Ok(UserList { users, total: list.total.then(count).transpose()? })
    }

    /// A user's accounts, without their secrets, oldest first.
    pub fn list_accounts(&self, user_id: &str) -> Result<Vec<Account>, AuthError> {
        accounts::list(self.instance, user_id)
    }

    /// One page of sessions.
    pub fn list_sessions(&self, list: &ListSessions) -> Result<SessionList, AuthError> {
        let page = Page { limit: list.limit, offset: list.offset };
        let sessions = sessions::list(self.instance, &list.filter, page)?;
        let count = || sessions::count(self.instance, &list.filter);
        Ok(SessionList { sessions, total: list.total.then(count).transpose()? })
    }

    /// The session with this id or token, if there is one.
    pub fn find_session(&self, id_or_token: &str) -> Result<Option<Session>, AuthError> {
        sessions::find_by_id_or_token(self.instance, id_or_token)
    }

    /// Sets additional fields of the session with this id or token and answers it as it is then.
    ///
    /// # Errors
    /// `FAILED_TO_GET_SESSION` when there is none, `VALIDATION_ERROR`, `BAD_REQUEST` when there is
    /// nothing to set.
    pub fn update_session(
        &self,
        id_or_token: &str,
        fields: &Map<String, Value>,
    ) -> Result<Session, AuthError> {
        sessions::update(self.instance, id_or_token, fields, WrittenBy::Server)
    }

    /// Ends the session with this id or token; it is dead at the next request.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`.
    pub fn revoke_session(&self, id_or_token: &str) -> Result<Session, AuthError> {
        let revoked = sessions::revoke_by_id_or_token(self.instance, id_or_token, &self.caller())?;
        revoked.ok_or_else(|| codes::SESSION_NOT_FOUND.into())
    }

    /// Ends every session of a user and answers how many there were.
    pub fn revoke_all_sessions(&self, user_id: &str) -> Result<u64, AuthError> {
        sessions::revoke_all(self.instance, user_id, &self.caller())
    }

    /// Ends every session of everybody and answers how many there were.
    pub fn revoke_everybodys_sessions(&self) -> Result<u64, AuthError> {
        sessions::revoke_everybodys(self.instance, &self.caller())
    }
}
