//! The caller of a change: the actor, the client, and the checks to repeat inside the transaction.
//!
//! While a password is hashed or a provider is called, a session can end, a password can change, and an administrator
//! can lose a role. So what a request was authorized by is checked again in its transaction.

use std::net::IpAddr;

use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;

/// A client, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The IP address; empty when it is unknown or must not be stored.
    pub ip_address: String,
    /// The `User-Agent`, empty when none was sent.
    pub user_agent: String,
    /// The address, or the network of an IPv6 address, for counters in memory; set even if it must not be stored.
    pub network: Option<IpAddr>,
}

/// The actor, as events name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A client without a session, such as one that signs in or opens a link.
    Client,
    /// A signed-in user.
    User {
        /// The user's id.
        id: String,
        /// The id of the administrator if the session is an impersonation.
        impersonator: Option<String>,
    },
    /// An operator at the command line.
    Operator {
        /// The name of the operating-system user.
        name: String,
    },
    /// The program that uses the library.
    Program,
}

type Check<'a> = Box<dyn Fn(&mut Tx<'_>) -> Result<(), AuthError> + 'a>;
type Presented<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// The caller of a change. Requests can only make callers for a client or a signed-in user; only the library's own API
/// makes trusted ones.
pub struct Caller<'a> {
    actor: Actor,
    client: Client,
    check: Option<Check<'a>>,
    presented: Option<Presented<'a>>,
}

impl<'a> Caller<'a> {
    /// A client without a session.
    pub fn client(client: Client) -> Self {
        Self { actor: Actor::Client, client, check: None, presented: None }
    }

    /// A signed-in user; `check` fails inside a transaction once the session has ended.
    pub fn signed_in(
        client: Client,
        (id, impersonator): (String, Option<String>),
        check: impl Fn(&mut Tx<'_>) -> Result<(), AuthError> + 'a,
    ) -> Self {
        let actor = Actor::User { id, impersonator };
        Self { actor, client, check: Some(Box::new(check)), presented: None }
    }

    /// An operator or a program, allowed to do everything. `tests/tidy.rs` forbids it outside the library's own API.
    pub(crate) fn trusted(actor: Actor) -> Self {
        Self { actor, client: Client::default(), check: None, presented: None }
    }

    /// Adds a check after the existing ones.
    #[must_use]
    pub fn with_check(self, more: impl Fn(&mut Tx<'_>) -> Result<(), AuthError> + 'a) -> Self {
        let Some(first) = self.check else {
            return Self { check: Some(Box::new(more)), ..self };
        };
        let both = move |tx: &mut Tx<'_>| first(tx).and_then(|()| more(tx));
        Self { check: Some(Box::new(both)), ..self }
    }

    /// Adds the values that the client keeps for plugins, such as that of a trusted device.
    #[must_use]
    pub fn with_presented(self, find: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { presented: Some(Box::new(find)), ..self }
    }

    /// Repeats the checks inside the transaction that they authorize; an error refuses the change. A client without a
    /// session is refused: the rule itself checks other proofs, such as a link.
    ///
    /// # Errors
    /// `UNAUTHORIZED` when the session has ended, and what else the endpoint refuses.
    pub fn recheck(&self, tx: &mut Tx<'_>) -> Result<(), AuthError> {
        match &self.check {
            Some(check) => check(tx),
            None if self.is_trusted() => Ok(()),
            None => Err(codes::UNAUTHORIZED.into()),
        }
    }

    /// Whether [`Caller::recheck`] refuses nothing.
    pub fn is_trusted(&self) -> bool {
        self.check.is_none() && matches!(self.actor, Actor::Operator { .. } | Actor::Program)
    }

    /// The actor.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The client; empty for an operator and a program.
    pub fn from(&self) -> &Client {
        &self.client
    }

    /// A value under this name that this deployment gave the client to keep, such as a signed cookie.
    pub fn presents(&self, name: &str) -> Option<String> {
        self.presented.as_ref().and_then(|find| find(name))
    }
}
