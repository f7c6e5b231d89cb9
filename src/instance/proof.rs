//! The proof of a sign-in, and what plugins decide: a session may begin, or a challenge must be passed first.

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;

use crate::models::User;
use crate::models::verification::Purpose;

/// A sign-in method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method<'a> {
    /// A password with an address or another name.
    Password,
    /// A sign-up that signs in at once.
    SignUp,
    /// An email verification link.
    EmailVerification,
    /// A provider, by its id.
    Provider(&'a str),
    /// A method of a plugin, such as `magic-link`.
    OfPlugin(&'static str),
}

impl<'a> Method<'a> {
    /// The name of the method; for a provider its id.
    pub fn name(self) -> &'a str {
        match self {
            Self::Password => "password",
            Self::SignUp => "sign-up",
            Self::EmailVerification => "email-verification",
            Self::Provider(id) => id,
            Self::OfPlugin(name) => name,
        }
    }
}

/// The strength of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// One factor.
    Single,
    /// More than one, such as a passkey that verified its user.
    Multiple,
}

/// The proof of a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The user, as the row is in this transaction.
    pub user: &'a User,
    /// The method.
    pub method: Method<'a>,
    /// The strength; the rule of a challenge decides what it is enough for.
    pub strength: Strength,
    /// The purpose of the last challenge that was passed. Neither that one nor earlier ones are required again.
    pub met: Option<Purpose>,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

impl<'a> Proof<'a> {
    /// A proof with one factor, for a session that outlives the browser.
    pub fn new(user: &'a User, method: Method<'a>) -> Self {
        Self { user, method, strength: Strength::Single, met: None, remember: true }
    }
}

/// A plugin's decision about a proof.
#[derive(Debug, Default)]
pub struct Decision {
    /// The answer to the client instead of a session; `None` if no challenge is required.
    pub challenge: Option<Map<String, Value>>,
    /// Values for the client to keep for the plugin.
    pub client_values: Vec<ClientValue>,
}

/// A value that the client keeps for a plugin: over HTTP a signed cookie.
#[derive(Debug)]
pub struct ClientValue {
    /// The name, without prefix.
    pub name: &'static str,
    /// The value and its lifetime; `None` deletes it.
    pub value: Option<(String, Duration)>,
}

/// The result of a sign-in. While a challenge is open, nothing of a session exists.
#[derive(Debug)]
pub struct Entered<S> {
    /// A session or a challenge.
    pub outcome: Outcome<S>,
    /// Values for the client to keep for plugins.
    pub client_values: Vec<ClientValue>,
}

/// A session or a challenge.
#[derive(Debug)]
pub enum Outcome<S> {
    /// The session.
    Session(S),
    /// The answer to the client instead of a session.
    Challenge(Map<String, Value>),
}

impl<S> Entered<S> {
    /// A session without values for plugins.
    pub fn of(session: S) -> Self {
        Self { outcome: Outcome::Session(session), client_values: Vec::new() }
    }

    /// Converts the session, if there is one.
    pub fn try_map<T, E>(self, make: impl FnOnce(S) -> Result<T, E>) -> Result<Entered<T>, E> {
        let outcome = match self.outcome {
            Outcome::Session(session) => Outcome::Session(make(session)?),
            Outcome::Challenge(answer) => Outcome::Challenge(answer),
        };
        Ok(Entered { outcome, client_values: self.client_values })
    }
}
