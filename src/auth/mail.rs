//! Messages: the calls that cause them, and what sends those that wait.

use std::time::Duration;

use crate::api::email;
use crate::api::email_verification;
use crate::api::messages::Link;
use crate::api::messages::MessageStatus;
use crate::api::outbox;
use crate::api::outbox::SendSummary;
use crate::api::password_reset;
use crate::api::users::NewUser;
use crate::auth::Api;
use crate::auth::BetterAuth;
use crate::auth::api::LIMIT;
use crate::config::BaseUrl;
use crate::crypto::Secret;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;
use crate::models::outbox::OutboxEntry;
use crate::models::outbox::OutboxFilter;
use crate::rows::Page;

/// Which messages of the outbox to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMessages {
    /// Rows at most.
    pub limit: u32,
    /// Rows passed over first.
    pub offset: u32,
    /// Which.
    pub filter: OutboxFilter,
}

impl Default for ListMessages {
    fn default() -> Self {
        Self { limit: LIMIT, offset: 0, filter: OutboxFilter::default() }
    }
}

impl Api<'_> {
    /// Sends a link to a new password, if there is a user with this address, and answers what is known of the message
    /// then. `redirect_to` is the page that takes the token; without one the link shows a form of this server.
    ///
    /// # Errors
    /// `RESET_PASSWORD_DISABLED`, `INVALID_REDIRECT_URL`, `CONFIG_INVALID` without `baseURL`.
    pub fn request_password_reset(
        &self,
        email: &str,
        redirect_to: Option<&str>,
    ) -> Result<Option<MessageStatus>, AuthError> {
        password_reset::request(self.instance, email, &self.link(redirect_to)?)
    }

    /// Sets the password of whoever got this token.
    ///
    /// # Errors
    /// `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`, `INVALID_TOKEN`, `USER_NOT_FOUND`.
    pub fn reset_password(&self, token: &str, new: &Secret) -> Result<(), AuthError> {
        password_reset::reset(self.instance, token, new, &self.caller())
    }

    /// Sends a link that verifies this address, if a user has it and it is not verified yet, and answers what is known of
    /// the message then.
    ///
    /// # Errors
    /// `VERIFICATION_EMAIL_NOT_ENABLED`, `INVALID_REDIRECT_URL`, `CONFIG_INVALID` without `baseURL`.
    pub fn send_verification_email(
        &self,
        email: &str,
        callback_url: Option<&str>,
    ) -> Result<Option<MessageStatus>, AuthError> {
        email_verification::request(self.instance, email, &self.link(callback_url)?)
    }

    /// Makes a user and sends them a link to choose a password, which works for this long; answers what is known of the
    /// message too.
    pub fn invite_user(
        &self,
        new: &NewUser,
        redirect_to: Option<&str>,
        lifetime: Duration,
    ) -> Result<(User, Option<MessageStatus>), AuthError> {
        password_reset::invite(
            self.instance,
            new,
            &self.link(redirect_to)?,
            lifetime,
            &self.caller(),
        )
    }

    /// One page of the outbox, newest first.
    ///
    /// # Errors
    /// `OUTBOX_NOT_KEPT`.
    pub fn list_messages(&self, list: &ListMessages) -> Result<Vec<OutboxEntry>, AuthError> {
        let page = Page { limit: list.limit, offset: list.offset };
        outbox::list(self.instance, &list.filter, page)
    }

    /// Makes messages due at once, the one with this id or all that were not taken and whose link is
    /// not over; answers how many.
    ///
    /// # Errors
    /// `OUTBOX_NOT_KEPT`.
    pub fn retry_messages(&self, id: Option<&str>) -> Result<u64, AuthError> {
        outbox::retry(self.instance, id)
    }

    /// Hands a test message over at once, past the outbox.
    ///
    /// # Errors
    /// `INVALID_EMAIL`, `MESSAGE_NOT_SENT` with the reason.
    pub fn send_test_message(&self, to: &str) -> Result<(), AuthError> {
        if !email::is_valid(to) {
            return Err(codes::INVALID_EMAIL.into());
        }
        let message = Message::sample(kinds::TEST).to(to);
        let now = self.instance.database().clock().now();
        self.instance.mailer().deliver(&message, now).map_err(|failure| {
            AuthError::new(codes::MESSAGE_NOT_SENT).with_message(failure.to_string())
        })
    }

    /// Links that no request asked for lead to where the configuration says that this server stands.
    fn link(&self, place: Option<&str>) -> Result<Link, AuthError> {
        let fallback = match &self.instance.config().base_url {
            Some(BaseUrl::ByHost(hosts)) => hosts.fallback.clone(),
            _ => None,
        };
        let Some(origin) = self.site.origin.clone().or(fallback) else {
            let problem = "baseURL (or BETTER_AUTH_URL) is not set: links in messages need to \
                           know where this server stands";
            return Err(AuthError::new(codes::CONFIG_INVALID).with_message(problem));
        };
        if !place.is_none_or(|place| self.site.leads_to(Some(&origin), place)) {
            return Err(codes::INVALID_REDIRECT_URL.into());
        }
        let base_url = format!("{}{}", origin.trim_end_matches('/'), self.site.base_path);
        Ok(Link { base_url, callback: place.map(str::to_owned), client: None })
    }
}

impl BetterAuth {
    /// Sends the messages that wait, until none is due, nobody is there, or `goes_on` says no. `serve`
    /// does this; an application that mounts [`BetterAuth::handle`] calls it from a thread of its own.
    pub fn send_messages(&self, goes_on: &dyn Fn() -> bool) -> Result<SendSummary, AuthError> {
        outbox::send_due(&self.instance, goes_on)
    }

    /// Waits until there may be messages to send, at most this long.
    pub fn wait_for_messages(&self, at_most: Duration) {
        self.instance.mailer().sender_wake_up().wait(at_most);
    }

    /// Ends the wait of whoever is in [`BetterAuth::wait_for_messages`].
    pub fn wake_sender(&self) {
        self.instance.mailer().sender_wake_up().notify();
    }

    /// Removes what is over and that nobody will ask for: unused tokens, messages long settled. `serve`
    /// does this every minute.
    pub fn clean_up(&self) -> Result<(), AuthError> {
        outbox::clean_up(&self.instance)
    }
}
