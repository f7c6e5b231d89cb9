//! What happens to accounts, as plugins hear of it: for an audit log, webhooks, notices.

use serde_json::Value;

use crate::error::ErrorCode;
use crate::instance::caller::Actor;
use crate::instance::caller::Client;
use crate::instance::proof::Method;
use crate::models::User;

/// Something that happened, in the transaction in which it did.
#[derive(Debug)]
pub struct Event<'a> {
    /// What it was.
    pub kind: EventKind<'a>,
    /// The id of the user to whom it happened; none for a name that nobody has, or where it concerns all users.
    pub user_id: Option<&'a str>,
    /// Who did it.
    pub actor: &'a Actor,
    /// From where; empty for an operator and a program.
    pub client: &'a Client,
}

/// What can happen.
#[derive(Debug, Clone, Copy)]
pub enum EventKind<'a> {
    /// A user was made, by sign-up, by an administrator or by the first sign-in with a provider.
    UserCreated(&'a User),
    /// Fields of a user changed.
    UserUpdated {
        /// The user before.
        was: &'a User,
        /// The user now.
        user: &'a User,
    },
    /// A user has another address.
    EmailChanged {
        /// The address before.
        from: &'a str,
        /// The address now.
        to: &'a str,
    },
    /// A user's address was verified.
    EmailVerified,
    /// A user was deleted, with their sessions and accounts.
    UserDeleted,
    /// A user has a new password.
    PasswordChanged,
    /// A session began.
    SignedIn {
        /// How the user proved who they are.
        method: Method<'a>,
        /// The id of the session.
        session_id: &'a str,
    },
    /// A challenge was opened in place of a session: something else must be proved first.
    SignInChallenged {
        /// What was proved.
        method: Method<'a>,
    },
    /// A sign-in was refused.
    SignInRefused {
        /// How it was tried.
        method: Method<'a>,
        /// Why.
        code: &'static ErrorCode,
    },
    /// A name was locked after too many wrong passwords.
    Locked,
    /// A user may sign in again before the lock has expired.
    Unlocked,
    /// An account at a provider was linked to a user.
    AccountLinked {
        /// The provider.
        provider_id: &'a str,
        /// What names the user there.
        account_id: &'a str,
    },
    /// An account was unlinked from a user.
    AccountUnlinked {
        /// The provider.
        provider_id: &'a str,
    },
    /// Sessions of a user, or of all users, were revoked; a sign-out revokes one.
    SessionsRevoked {
        /// The id of the session, where it is one that was named.
        session_id: Option<&'a str>,
        /// How many.
        count: u64,
    },
    /// Tables or columns were added to the database.
    Migrated {
        /// How many statements ran.
        steps: usize,
    },
    /// What a plugin does, such as `user.banned`.
    OfPlugin {
        /// The name of the event.
        name: &'static str,
        /// More about it, without secrets.
        details: &'a Value,
    },
}

impl EventKind<'_> {
    /// The name of the event, such as `user.created`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserCreated(_) => "user.created",
            Self::UserUpdated { .. } => "user.updated",
            Self::EmailChanged { .. } => "user.email-changed",
            Self::EmailVerified => "user.email-verified",
            Self::UserDeleted => "user.deleted",
            Self::PasswordChanged => "user.password-changed",
            Self::SignedIn { .. } => "sign-in.succeeded",
            Self::SignInChallenged { .. } => "sign-in.challenged",
            Self::SignInRefused { .. } => "sign-in.refused",
            Self::Locked => "sign-in.locked",
            Self::Unlocked => "sign-in.unlocked",
            Self::AccountLinked { .. } => "account.linked",
            Self::AccountUnlinked { .. } => "account.unlinked",
            Self::SessionsRevoked { .. } => "session.revoked",
            Self::Migrated { .. } => "schema.migrated",
            Self::OfPlugin { name, .. } => name,
        }
    }
}
