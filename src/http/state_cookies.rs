//! The cookies of a sign-in with a provider: they bind the callback to the browser that started the
//! sign-in [contract 10.2].

use std::time::Duration;

use crate::api::oauth_state;
use crate::error::AuthError;
use crate::http::context::Context;

/// Lifetime of the cookie for a stored state.
const STATE_LIFETIME: Duration = Duration::from_secs(5 * 60);

impl Context<'_> {
    /// Sets the cookie for a stored state.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_state_cookie(&mut self, state: &str) -> Result<(), AuthError> {
        let signed = self.instance().signer()?.sign(state);
        self.cookies.set(&self.site().cookies.state, &signed, Some(STATE_LIFETIME));
        Ok(())
    }

    /// Sets a cookie with the whole state, encrypted.
    pub fn set_sealed_state(&mut self, sealed: &str) {
        self.cookies.set(&self.site().cookies.oauth_state, sealed, Some(oauth_state::LIFETIME));
    }

    /// The state in the cookie, if its signature is valid.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn state_cookie(&self) -> Result<Option<String>, AuthError> {
        match self.sent.find(&self.site().cookies.state.name) {
            Some(value) => Ok(self.instance().signer()?.open(value)),
            None => Ok(None),
        }
    }

    /// The encrypted state in the cookie.
    pub fn sealed_state(&self) -> Option<&str> {
        self.sent.find(&self.site().cookies.oauth_state.name)
    }

    /// Clears the cookie for a stored state.
    pub fn clear_state_cookie(&mut self) {
        self.cookies.clear(&self.site().cookies.state);
    }

    /// Clears the cookie with the whole state.
    pub fn clear_sealed_state(&mut self) {
        self.cookies.clear(&self.site().cookies.oauth_state);
    }
}
