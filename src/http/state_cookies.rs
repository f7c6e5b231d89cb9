//! The cookies of a sign-in by a provider: they bind the answer to the browser that asked [contract 10.2].

use std::time::Duration;

use crate::api::oauth_state;
use crate::error::AuthError;
use crate::http::context::Context;

/// How long the cookie lives that belongs to a stored state.
const STATE_LIFETIME: Duration = Duration::from_secs(5 * 60);

impl Context<'_> {
    /// Hands the browser what belongs to a stored state.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn set_state_cookie(&mut self, state: &str) -> Result<(), AuthError> {
        let signed = self.instance().signer()?.sign(state);
        self.cookies.set(&self.site().cookies.state, &signed, Some(STATE_LIFETIME));
        Ok(())
    }

    /// Hands the browser a whole state, encrypted.
    pub fn set_sealed_state(&mut self, sealed: &str) {
        self.cookies.set(&self.site().cookies.oauth_state, sealed, Some(oauth_state::LIFETIME));
    }

    /// The state that the browser's cookie belongs to, if its signature holds.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn state_cookie(&self) -> Result<Option<String>, AuthError> {
        match self.sent.find(&self.site().cookies.state.name) {
            Some(value) => Ok(self.instance().signer()?.open(value)),
            None => Ok(None),
        }
    }

    /// The encrypted state that the browser has.
    pub fn sealed_state(&self) -> Option<&str> {
        self.sent.find(&self.site().cookies.oauth_state.name)
    }

    /// Makes the browser forget a state that was used.
    pub fn clear_state_cookie(&mut self) {
        self.cookies.clear(&self.site().cookies.state);
    }

    /// The same for one that it had whole.
    pub fn clear_sealed_state(&mut self) {
        self.cookies.clear(&self.site().cookies.oauth_state);
    }
}
