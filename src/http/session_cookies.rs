//! The cookies of a session: reading those that came, handing out new ones, forgetting them [contract 3.4].

use crate::config::StateStrategy;
use crate::error::AuthError;
use crate::http::context::Context;
use crate::http::cookie_cache;
use crate::http::cookies;
use crate::models::SessionWithUser;

impl Context<'_> {
    /// The token of the session cookie, if its signature holds.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn session_token(&self) -> Result<Option<String>, AuthError> {
        self.signed_cookie(&self.site().cookies.session_token.name)
    }

    /// Whether the user asked not to be remembered.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn is_not_remembered(&self) -> Result<bool, AuthError> {
        let cookie = self.signed_cookie(&self.site().cookies.dont_remember.name)?;
        Ok(cookie.is_some_and(|value| value == "true"))
    }

    fn signed_cookie(&self, name: &str) -> Result<Option<String>, AuthError> {
        match cookies::find(self.headers(), name) {
            Some(value) => Ok(self.instance().signer()?.open(value)),
            None => Ok(None),
        }
    }

    /// Hands the browser a session; without `remember` it ends with the browser [contract 3.4].
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_session_cookie(
        &mut self,
        found: &SessionWithUser,
        remember: bool,
    ) -> Result<(), AuthError> {
        let names = &self.site().cookies;
        let signer = self.instance().signer()?;
        let lifetime = remember.then_some(self.instance().config().session.expires_in);
        let token = signer.sign(&found.session.token);
        self.cookies.set(&names.session_token, &token, lifetime);
        if !remember {
            self.cookies.set(&names.dont_remember, &signer.sign("true"), None);
        } else if self.is_not_remembered()? {
            self.cookies.clear(&names.dont_remember);
        }
        self.cache_session(found, remember)
    }

    /// Hands the browser a copy of its session, where `session.cookieCache` asks for it.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub(super) fn cache_session(
        &mut self,
        found: &SessionWithUser,
        remember: bool,
    ) -> Result<(), AuthError> {
        let options = &self.instance().config().session.cookie_cache;
        if options.enabled {
            let copy = cookie_cache::write(self.instance(), found, remember)?;
            let lifetime = remember.then_some(options.max_age);
            let sent = self.headers();
            self.cookies.set_parts(&self.site().cookies.session_data, sent, &copy, lifetime);
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
        let Some(copy) = cookies::whole(&self.site().cookies.session_data, self.headers()) else {
            return Ok(None);
        };
        let found = cookie_cache::read(self.instance(), &copy, token)?;
        if found.is_none() {
            self.cookies.clear(&self.site().cookies.session_data);
        }
        Ok(found)
    }

    /// Makes the browser forget its session.
    pub fn clear_session_cookies(&mut self) {
        let (names, account) = (&self.site().cookies, &self.instance().config().account);
        let mut more = Vec::new();
        if account.store_account_cookie {
            more.push(&names.account_data);
        }
        if account.store_state_strategy == StateStrategy::Cookie {
            more.push(&names.oauth_state);
        }
        self.cookies.clear_session(names, self.headers(), &more);
    }

    /// Makes the browser forget cached sessions, where this deployment does not use them.
    pub(super) fn clear_session_data(&mut self) {
        if !self.instance().config().session.cookie_cache.enabled {
            self.cookies.clear_parts(&self.site().cookies.session_data, self.headers());
        }
    }
}
