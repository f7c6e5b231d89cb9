//! Who asks for a change: who acts, from where, and what is checked again inside of the transaction.
//!
//! While a password is hashed or a provider is asked, a session can end, a password can change, and an
//! administrator can lose a role. So what a request has shown before its transaction is checked once more in it.

use std::net::IpAddr;

use crate::database::Tx;
use crate::error::AuthError;

/// A client, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address, empty when it is unknown or must not be kept.
    pub ip_address: String,
    /// The `User-Agent`, empty when none was sent.
    pub user_agent: String,
    /// The address, or the network of IPv6, for what is counted in memory; known where it must not be kept, too.
    pub network: Option<IpAddr>,
}

/// Who acts, as events name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A client without a session, such as one that signs in or opens a link.
    Client,
    /// A user who is signed in.
    User {
        /// The user's id.
        id: String,
        /// The id of the administrator who acts in this session, if it is an impersonation.
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

/// Who asks for a change. A request makes one for a client or for a user who is signed in; only the library's own
/// face makes one that is trusted.
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

    /// A user who is signed in; `check` refuses inside of a transaction once the session has ended.
    pub fn signed_in(
        client: Client,
        (id, impersonator): (String, Option<String>),
        check: impl Fn(&mut Tx<'_>) -> Result<(), AuthError> + 'a,
    ) -> Self {
        let actor = Actor::User { id, impersonator };
        Self { actor, client, check: Some(Box::new(check)), presented: None }
    }

    /// An operator or a program, who may do everything. `tests/tidy.rs` refuses it outside of the library's face.
    pub(crate) fn trusted(actor: Actor) -> Self {
        Self { actor, client: Client::default(), check: None, presented: None }
    }

    /// The same caller with one more check, after those that are there.
    #[must_use]
    pub fn with_check(self, more: impl Fn(&mut Tx<'_>) -> Result<(), AuthError> + 'a) -> Self {
        let Some(first) = self.check else {
            return Self { check: Some(Box::new(more)), ..self };
        };
        let both = move |tx: &mut Tx<'_>| first(tx).and_then(|()| more(tx));
        Self { check: Some(Box::new(both)), ..self }
    }

    /// The same caller with the values that its client keeps for plugins, such as that of a device that is trusted.
    #[must_use]
    pub fn with_presented(self, find: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { presented: Some(Box::new(find)), ..self }
    }

    /// Checks again, inside of the transaction that the answer allows; an error refuses the change.
    ///
    /// # Errors
    /// `UNAUTHORIZED` when the session has ended, and what else the endpoint refuses.
    pub fn recheck(&self, tx: &mut Tx<'_>) -> Result<(), AuthError> {
        self.check.as_ref().map_or(Ok(()), |check| check(tx))
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// From where; empty for an operator and a program.
    pub fn from(&self) -> &Client {
        &self.client
    }

    /// A value that the client keeps under this name and that this deployment gave it (a signed cookie, for example).
    pub fn presents(&self, name: &str) -> Option<String> {
        self.presented.as_ref().and_then(|find| find(name))
    }
}
