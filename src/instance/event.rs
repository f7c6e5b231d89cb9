//! Account events for plugins: for an audit log, webhooks, notices.

use serde_json::Value;

use crate::error::ErrorCode;
use crate::instance::caller::Actor;
use crate::instance::caller::Client;
use crate::instance::proof::Method;
use crate::models::User;

/// An event, in the transaction in which it happens.
#[derive(Debug)]
pub struct Event<'a> {
    /// The kind of event.
    pub kind: EventKind<'a>,
    /// The id of the user concerned; `None` for an unknown name, or if all users are concerned.
    pub user_id: Option<&'a str>,
    /// The actor.
    pub actor: &'a Actor,
    /// The client; empty for an operator and a program.
    pub client: &'a Client,
}

/// The kinds of events.
#[derive(Debug, Clone, Copy)]
pub enum EventKind<'a> {
    /// A user was created, by sign-up, by an administrator or by the first sign-in with a provider.
    UserCreated(&'a User),
    /// Fields of a user changed.
    UserUpdated {
        /// The user before.
        was: &'a User,
        /// The user now.
        user: &'a User,
    },
    /// A user's address changed.
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
    /// A user's password changed.
    PasswordChanged,
    /// A session began.
    SignedIn {
        /// The sign-in method.
        method: Method<'a>,
        /// The id of the session.
        session_id: &'a str,
    },
    /// A challenge was opened instead of a session: another proof is required.
    SignInChallenged {
        /// The sign-in method.
        method: Method<'a>,
    },
    /// A sign-in was refused.
    SignInRefused {
        /// The sign-in method.
        method: Method<'a>,
        /// The reason.
        code: &'static ErrorCode,
    },
    /// A name was locked after too many wrong passwords.
    Locked,
    /// A lock was removed before it expired.
    Unlocked,
    /// An account at a provider was linked to a user.
    AccountLinked {
        /// The provider.
        provider_id: &'a str,
        /// The user's id at the provider.
        account_id: &'a str,
    },
    /// An account was unlinked from a user.
    AccountUnlinked {
        /// The provider.
        provider_id: &'a str,
    },
    /// Sessions of a user, or of all users, were revoked; a sign-out revokes one.
    SessionsRevoked {
        /// The id of the session, if a single one was named.
        session_id: Option<&'a str>,
        /// How many.
        count: u64,
    },
    /// Tables or columns were added to the database.
    Migrated {
        /// The number of statements.
        steps: usize,
    },
    /// Values of rows were repaired, or rows that refer to nobody deleted.
    Repaired {
        /// The table, by its name in the database.
        table: &'a str,
        /// Values that were replaced.
        values: u64,
        /// Rows that were deleted.
        deleted: u64,
    },
    /// An event of a plugin, such as `user.banned`.
    OfPlugin {
        /// The name of the event.
        name: &'static str,
        /// Details, without secrets.
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
            Self::Repaired { .. } => "database.repaired",
            Self::OfPlugin { name, .. } => name,
        }
    }
}
