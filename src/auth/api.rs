//! `auth.api()`: Better Auth's server-side calls by name, with typed parameters and results.

use std::time::Duration;

use http::HeaderMap;
use http::Method;
use http::Request;
use serde_json::Map;
use serde_json::Value;

use crate::api::accounts;
use crate::api::email_verification;
use crate::api::fields::WrittenBy;
use crate::api::lockout;
use crate::api::messages::MessageStatus;
use crate::api::outbox;
use crate::api::password_reset;
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
use crate::models::Account;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::outbox::OutboxEntry;
use crate::oauth::check::Report;
use crate::operations;
use crate::operations::Call;
use crate::operations::mail::ListMessages;
use crate::operations::providers;
use crate::operations::sessions::ListSessions;
use crate::operations::sessions::SessionList;
use crate::operations::users::list::ListUsers;
use crate::operations::users::list::UserList;

/// The rules as typed calls. The caller is trusted: sessions are not checked.
#[derive(Clone, Copy)]
pub struct Api<'a> {
    pub(super) call: Call<'a>,
}

impl Api<'_> {
    /// The session in the `Cookie` header of a request. Read-only: `/get-session` extends a
    /// session, because it can send the cookie again.
    ///
    /// # Errors
    /// `CONFIG_INVALID`, `DATABASE_UNAVAILABLE`; every call here may return the latter.
    pub fn get_session(&self, headers: &HeaderMap) -> Result<Option<SessionWithUser>, AuthError> {
        let mut request = Request::new(());
        *request.method_mut() = Method::GET;
        headers.clone_into(request.headers_mut());
        let (parts, ()) = request.into_parts();
        let (instance, site) = (self.call.instance(), self.call.site());
        let mut cx = Context::new(instance, site, (&parts, &[]), Peer::unknown());
        site.hooks.before(&mut cx, "/get-session", &mut None)?;
        let Some(token) = cx.session_token()? else {
            return Ok(None);
        };
        Ok(sessions::peek(instance, &token)?.map(|(found, _)| found))
    }

    /// Creates a user.
    ///
    /// # Errors
    /// `INVALID_EMAIL`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`,
    /// `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`, `MISSING_FIELD`, `VALIDATION_ERROR`,
    /// `SCHEMA_MISMATCH`.
    pub fn create_user(&self, new: &NewUser) -> Result<User, AuthError> {
        users::create(self.call.instance(), new, &self.call.caller())
    }

    /// The user with this id or email address, if there is one.
    ///
    /// # Errors
    /// `AMBIGUOUS_USER` if several users have this address in other spellings, and none in this
    /// one.
    pub fn find_user(&self, id_or_email: &str) -> Result<Option<User>, AuthError> {
        who::find(self.call.instance(), id_or_email)
    }

    /// The user with this id or email address.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, and those of [`Api::find_user`].
    pub fn get_user(&self, id_or_email: &str) -> Result<User, AuthError> {
        self.call.user(id_or_email)
    }

    /// Updates a user and returns the new row.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `INVALID_EMAIL`, `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`,
    /// `VALIDATION_ERROR`, `BAD_REQUEST` if there is nothing to change.
    pub fn update_user(&self, user_id: &str, changes: &UserChanges) -> Result<User, AuthError> {
        users::update(
            self.call.instance(),
            user_id,
            changes,
            WrittenBy::Server,
            &self.call.caller(),
        )
    }

    /// Sets a password and, unless told to keep them, revokes the user's sessions; returns their
    /// number.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`.
    pub fn set_password(
        &self,
        user_id: &str,
        password: &Secret,
        keep_sessions: bool,
    ) -> Result<u64, AuthError> {
        passwords::set(self.call.instance(), user_id, password, keep_sessions, &self.call.caller())
    }

    /// Unlocks a user after too many wrong passwords; `false` if there were no failed attempts.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`.
    pub fn unlock_user(&self, user_id: &str) -> Result<bool, AuthError> {
        lockout::unlock(self.call.instance(), user_id, &self.call.caller())
    }

    /// Deletes a user with sessions and accounts.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `FOREIGN_KEY_VIOLATION` if rows of the application refer to the user.
    pub fn delete_user(&self, user_id: &str) -> Result<(), AuthError> {
        users::delete(self.call.instance(), user_id, &self.call.caller())
    }

    /// A page of users.
    pub fn list_users(&self, list: &ListUsers) -> Result<UserList, AuthError> {
        operations::users::list::LIST.run(&self.call, list)
    }

    /// A user's linked accounts without secrets, oldest first.
    pub fn list_accounts(&self, user_id: &str) -> Result<Vec<Account>, AuthError> {
        accounts::list(self.call.instance(), user_id)
    }

    /// Unlinks an account of a user; the last one only if the configuration allows it.
    ///
    /// # Errors
    /// `FAILED_TO_UNLINK_LAST_ACCOUNT`, `ACCOUNT_NOT_FOUND`.
    pub fn unlink_account(&self, user_id: &str, account_id: &str) -> Result<(), AuthError> {
        accounts::unlink(self.call.instance(), user_id, account_id, &self.call.caller())
    }

    /// A page of sessions.
    pub fn list_sessions(&self, list: &ListSessions) -> Result<SessionList, AuthError> {
        operations::sessions::LIST.run(&self.call, list)
    }

    /// The session with this id or token, if there is one.
    pub fn find_session(&self, id_or_token: &str) -> Result<Option<Session>, AuthError> {
        sessions::find_by_id_or_token(self.call.instance(), id_or_token)
    }

    /// Sets additional fields of the session with this id or token and returns the new row.
    ///
    /// # Errors
    /// `FAILED_TO_GET_SESSION` if there is none, `VALIDATION_ERROR`, `BAD_REQUEST` if there is
    /// nothing to set.
    pub fn update_session(
        &self,
        id_or_token: &str,
        fields: &Map<String, Value>,
    ) -> Result<Session, AuthError> {
        sessions::update(self.call.instance(), id_or_token, fields, WrittenBy::Server)
    }

    /// Revokes the session with this id or token, effective at the next request.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND`.
    pub fn revoke_session(&self, id_or_token: &str) -> Result<Session, AuthError> {
        let revoked = sessions::revoke_by_id_or_token(
            self.call.instance(),
            id_or_token,
            &self.call.caller(),
        )?;
        revoked.ok_or_else(|| codes::SESSION_NOT_FOUND.into())
    }

    /// Revokes all sessions of a user and returns their number.
    pub fn revoke_all_sessions(&self, user_id: &str) -> Result<u64, AuthError> {
        sessions::revoke_all(self.call.instance(), user_id, &self.call.caller())
    }

    /// Revokes all sessions of all users and returns their number.
    pub fn revoke_sessions_of_all_users(&self) -> Result<u64, AuthError> {
        sessions::revoke_all_users(self.call.instance(), &self.call.caller())
    }

    /// Sends a password reset link, if a user has this address, and returns the delivery status.
    /// `redirect_to` is the page that receives the token; without one, the link shows a form of
    /// this server.
    ///
    /// # Errors
    /// `RESET_PASSWORD_DISABLED`, `INVALID_REDIRECT_URL`, `CONFIG_INVALID` without `baseURL`.
    pub fn request_password_reset(
        &self,
        email: &str,
        redirect_to: Option<&str>,
    ) -> Result<Option<MessageStatus>, AuthError> {
        password_reset::request(self.call.instance(), email, &self.call.link(redirect_to)?)
    }

    /// Sets the password of the user of this token.
    ///
    /// # Errors
    /// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `INVALID_TOKEN`, `USER_NOT_FOUND`.
    pub fn reset_password(&self, token: &str, new: &Secret) -> Result<(), AuthError> {
        password_reset::reset(self.call.instance(), token, new, &self.call.caller())
    }

    /// Sends a verification link, if a user has this address and it is not verified yet, and
    /// returns the delivery status.
    ///
    /// # Errors
    /// `VERIFICATION_EMAIL_NOT_ENABLED`, `INVALID_REDIRECT_URL`, `CONFIG_INVALID` without `baseURL`.
    pub fn send_verification_email(
        &self,
        email: &str,
        callback_url: Option<&str>,
    ) -> Result<Option<MessageStatus>, AuthError> {
        email_verification::request(self.call.instance(), email, &self.call.link(callback_url)?)
    }

    /// Creates a user and sends a link to set a password with this lifetime; also returns the
    /// delivery status.
    pub fn invite_user(
        &self,
        new: &NewUser,
        redirect_to: Option<&str>,
        lifetime: Duration,
    ) -> Result<(User, Option<MessageStatus>), AuthError> {
        password_reset::invite(
            self.call.instance(),
            new,
            &self.call.link(redirect_to)?,
            lifetime,
            &self.call.caller(),
        )
    }

    /// A page of the outbox, newest first.
    ///
    /// # Errors
    /// `OUTBOX_NOT_KEPT`.
    pub fn list_messages(&self, list: &ListMessages) -> Result<Vec<OutboxEntry>, AuthError> {
        Ok(operations::mail::LIST.run(&self.call, list)?.messages)
    }

    /// Makes emails due immediately: the one with this id, or all failed ones whose link has not
    /// expired. Returns their number.
    ///
    /// # Errors
    /// `OUTBOX_NOT_KEPT`.
    pub fn retry_messages(&self, id: Option<&str>) -> Result<u64, AuthError> {
        outbox::retry(self.call.instance(), id)
    }

    /// Checks a provider: its discovery document, its keys, and whether it accepts the configured
    /// credentials. Blocks until the provider responds.
    ///
    /// # Errors
    /// `PROVIDER_NOT_FOUND` if it is not configured.
    pub fn check_provider(&self, id: &str) -> Result<Report, AuthError> {
        providers::check_one(&self.call, id)
    }
}
