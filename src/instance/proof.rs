//! What a user has proved at sign-in, and what plugins answer: a session may begin, or a challenge must be met first.

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;

use crate::models::User;
use crate::models::verification::Purpose;

/// How a user proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method<'a> {
    /// A password with an address or another name.
    Password,
    /// A sign-up that is signed in at once.
    SignUp,
    /// The link of a message that verifies an address.
    EmailVerification,
    /// A provider, by its id.
    Provider(&'a str),
    /// A plugin's own, such as `magic-link`.
    OfPlugin(&'static str),
}

impl<'a> Method<'a> {
    /// The name of the method; that of a provider is its id.
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

/// How much a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// One factor.
    Single,
    /// More than one, such as a passkey that verified its user.
    Multiple,
}

/// What was proved at a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Who it is, as the row is in this transaction.
    pub user: &'a User,
    /// By what.
    pub method: Method<'a>,
    /// How much it is worth; the rule of a challenge decides what that is enough for.
    pub strength: Strength,
    /// The purpose of the challenge that was met last. It is not asked for again, and neither are those before it.
    pub met: Option<Purpose>,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

impl<'a> Proof<'a> {
    /// A proof of one factor, for a session that outlives the browser.
    pub fn new(user: &'a User, method: Method<'a>) -> Self {
        Self { user, method, strength: Strength::Single, met: None, remember: true }
    }
}

/// What a plugin says to a proof.
#[derive(Debug, Default)]
pub struct Decision {
    /// What the client is answered in place of a session; `None` where nothing else is needed.
    pub challenge: Option<Map<String, Value>>,
    /// What the client is to keep for the plugin from now on.
    pub client_values: Vec<ClientValue>,
}

/// A value that the client keeps for a plugin: over HTTP a signed cookie.
#[derive(Debug)]
pub struct ClientValue {
    /// The name, without prefix.
    pub name: &'static str,
    /// The value and how long it is kept; `None` makes the client forget it.
    pub value: Option<(String, Duration)>,
}

/// What a sign-in came to. While a challenge is open nothing of a session exists.
#[derive(Debug)]
pub struct Entered<S> {
    /// A session or a challenge.
    pub outcome: Outcome<S>,
    /// What the client is to keep for plugins from now on.
    pub client_values: Vec<ClientValue>,
}

/// A session or a challenge.
#[derive(Debug)]
pub enum Outcome<S> {
    /// The session.
    Session(S),
    /// What the client is answered in place of it.
    Challenge(Map<String, Value>),
}

impl<S> Entered<S> {
    /// A session, without anything for plugins.
    pub fn of(session: S) -> Self {
        Self { outcome: Outcome::Session(session), client_values: Vec::new() }
    }

    /// The same with something made of the session, if there is one.
    pub fn try_map<T, E>(self, make: impl FnOnce(S) -> Result<T, E>) -> Result<Entered<T>, E> {
        let outcome = match self.outcome {
            Outcome::Session(session) => Outcome::Session(make(session)?),
            Outcome::Challenge(answer) => Outcome::Challenge(answer),
        };
        Ok(Entered { outcome, client_values: self.client_values })
    }
}
