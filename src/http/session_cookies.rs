//! The cookies of a session: reading those that came, handing out new ones, forgetting them [contract 3.4].

use std::time::Duration;

use crate::api::lifetime;
use crate::config::StateStrategy;
use crate::error::AuthError;
use crate::http::context::Context;
use crate::http::cookie_cache;
use crate::http::cookies::Cookie;
use crate::models::SessionWithUser;

impl Context<'_> {
    /// The token that this request presents: one that a plugin found elsewhere, or that of the session
    /// cookie, if its signature holds.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn session_token(&self) -> Result<Option<String>, AuthError> {
        if let Some(token) = &self.presented {
            return Ok(Some(token.clone()));
        }
        self.signed_cookie(&self.site().cookies.session_token.name)
    }

    /// The name of the session cookie, for the description of the API.
    pub fn session_cookie_name(&self) -> &str {
        &self.site().cookies.session_token.name
    }

    /// Takes this token for that of the request's session, before its cookie; whoever presents it has
    /// checked its signature or decided to need none.
    pub fn present_session(&mut self, token: String) {
        self.presented = Some(token);
    }

    /// The value of the session cookie that the reply sets, signature included.
    pub fn new_session_cookie(&self) -> Option<&str> {
        self.cookies.value(&self.site().cookies.session_token)
    }

    /// Whether the user asked not to be remembered.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn is_not_remembered(&self) -> Result<bool, AuthError> {
        let cookie = self.signed_cookie(&self.site().cookies.dont_remember.name)?;
        Ok(cookie.is_some_and(|value| value == "true"))
    }

    /// The value of a plugin's own cookie, if its signature holds.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn signed_cookie_of(&self, key: &str) -> Result<Option<String>, AuthError> {
        self.signed_cookie(&self.plugin_cookie(key).name)
    }

    /// Hands the browser a signed cookie of a plugin's own, with the attributes of the session cookie.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_signed_cookie(
        &mut self,
        key: &str,
        value: &str,
        lifetime: Duration,
    ) -> Result<(), AuthError> {
        let signed = self.instance().signer()?.sign(value);
        self.cookies.set(&self.plugin_cookie(key), &signed, Some(lifetime));
        Ok(())
    }

    /// Makes the browser forget a cookie of a plugin's own.
    pub fn clear_cookie_of(&mut self, key: &str) {
        self.cookies.clear(&self.plugin_cookie(key));
    }

    fn plugin_cookie(&self, key: &str) -> Cookie {
        Cookie::of_plugin(self.instance().config(), key)
    }

    fn signed_cookie(&self, name: &str) -> Result<Option<String>, AuthError> {
        match self.sent.find(name) {
            Some(value) => Ok(self.instance().signer()?.open(value)),
            None => Ok(None),
        }
    }

    /// Hands the browser a session; without `remember` it ends with the browser [contract 3.4], and so does a
    /// session whose row has a shorter lifetime than `session.expiresIn`.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_session_cookie(
        &mut self,
        found: &SessionWithUser,
        remember: bool,
    ) -> Result<(), AuthError> {
        let remember = remember && lifetime::is_remembered(self.instance(), &found.session);
        let names = &self.site().cookies;
        let signer = self.instance().signer()?;
        let lifetime = remember.then_some(self.instance().config().session.expires_in);
        let token = signer.sign(&found.session.token);
        self.cookies.set(&names.session_token, &token, lifetime);
        if !remember {
            self.do_not_remember()?;
        } else if self.is_not_remembered()? {
            self.cookies.clear(&names.dont_remember);
        }
        self.cache_session(found, remember)
    }

    /// Notes in the browser that its user is not to be remembered.
    pub(super) fn do_not_remember(&mut self) -> Result<(), AuthError> {
        let signed = self.instance().signer()?.sign("true");
        self.cookies.set(&self.site().cookies.dont_remember, &signed, None);
        Ok(())
    }

    /// Hands the browser a copy of its session, where `session.cookieCache` asks for it. A copy is
    /// made from the database only, never from another copy.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub(super) fn cache_session(
        &mut self,
        found: &SessionWithUser,
        remember: bool,
    ) -> Result<(), AuthError> {
        let options = &self.instance().config().session.cookie_cache;
        let is_copied = self.copied.as_ref() == Some(&found.session.token);
        if options.enabled && !is_copied {
            let copy = cookie_cache::write(self.instance(), found, remember)?;
            let lifetime = remember.then_some(options.max_age);
            let whole = &self.site().cookies.session_data;
            self.cookies.set_parts(whole, &self.sent, &copy, lifetime);
            self.renew_account_cookie(&found.user.id)?;
        }
        Ok(())
    }

    /// The copy of the session with this token that the browser sent; one that does not count is
    /// forgotten.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub(super) fn cached_session(
        &mut self,
        token: &str,
    ) -> Result<Option<SessionWithUser>, AuthError> {
        let Some(copy) = self.sent.whole(&self.site().cookies.session_data) else {
            return Ok(None);
        };
        let found = cookie_cache::read(self.instance(), &copy, token)?;
        match &found {
            Some(_) => self.copied = Some(token.to_owned()),
            None => self.cookies.clear(&self.site().cookies.session_data.cookie),
        }
        Ok(found)
    }

    /// Makes the browser forget its session.
    pub fn clear_session_cookies(&mut self) {
        let (names, account) = (&self.site().cookies, &self.instance().config().account);
        let mut more = Vec::new();
        if account.store_account_cookie {
            more.push(&names.account_data.cookie);
        }
        if account.store_state_strategy == StateStrategy::Cookie {
            more.push(&names.oauth_state);
        }
        self.cookies.clear_session(names, &self.sent, &more);
    }

    /// Makes the browser forget cached sessions, where this deployment does not use them.
    pub(super) fn clear_session_data(&mut self) {
        if !self.instance().config().session.cookie_cache.enabled {
            self.cookies.clear_parts(&self.site().cookies.session_data.cookie, &self.sent);
        }
    }
}
