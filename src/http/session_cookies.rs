//! The cookies of a session: reading, setting and clearing them [contract 3.4].

use std::time::Duration;

use crate::api::lifetime;
use crate::error::AuthError;
use crate::http::context::Context;
use crate::http::cookie_cache;
use crate::http::cookies::Cookie;
use crate::models::SessionWithUser;

impl Context<'_> {
    /// The session token of this request: one that a plugin has presented, or that of the session
    /// cookie if its signature is valid.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn session_token(&self) -> Result<Option<String>, AuthError> {
        if let Some(token) = &self.presented {
            return Ok(Some(token.clone()));
        }
        self.signed_cookie(&self.site().cookies.session_token.name)
    }

    /// The name of the session cookie, for the OpenAPI document.
    pub fn session_cookie_name(&self) -> &str {
        &self.site().cookies.session_token.name
    }

    /// Sets the session token of this request, in place of the cookie. The plugin that presents it
    /// is responsible for its signature.
    pub fn present_session(&mut self, token: String) {
        self.presented = Some(token);
    }

    /// The value of the session cookie that the reply sets, including the signature.
    pub fn new_session_cookie(&self) -> Option<&str> {
        self.cookies.value(&self.site().cookies.session_token)
    }

    /// Whether the user signed in without "remember me".
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn is_not_remembered(&self) -> Result<bool, AuthError> {
        let cookie = self.signed_cookie(&self.site().cookies.dont_remember.name)?;
        Ok(cookie.is_some_and(|value| value == "true"))
    }

    /// The value of a plugin's cookie, if its signature is valid.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn signed_cookie_of(&self, key: &str) -> Result<Option<String>, AuthError> {
        self.signed_cookie(&self.plugin_cookie(key).name)
    }

    /// Sets a signed cookie of a plugin, with the attributes of the session cookie.
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

    /// Clears a cookie of a plugin.
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

    /// Sets the session cookie. Without `remember`, or if the session's lifetime is shorter than
    /// `session.expiresIn`, the cookie ends with the browser [contract 3.4].
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

    /// Sets the cookie that marks a session without "remember me".
    pub(super) fn do_not_remember(&mut self) -> Result<(), AuthError> {
        let signed = self.instance().signer()?.sign("true");
        self.cookies.set(&self.site().cookies.dont_remember, &signed, None);
        Ok(())
    }

    /// Sets the cookie cache, if `session.cookieCache` is enabled. A copy is always made from the
    /// database, never from another copy.
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

    /// The cached session with this token; clears an invalid copy.
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

    /// Clears the session in the browser.
    pub fn clear_session_cookies(&mut self) {
        let (names, account) = (&self.site().cookies, &self.instance().config().account);
        self.cookies.clear_session(names, &self.sent, account);
    }

    /// Clears cached sessions, if this deployment does not use them.
    pub(super) fn clear_session_data(&mut self) {
        if !self.instance().config().session.cookie_cache.enabled {
            self.cookies.clear_parts(&self.site().cookies.session_data.cookie, &self.sent);
        }
    }
}
