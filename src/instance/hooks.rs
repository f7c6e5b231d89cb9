//! Hooks of plugins on rows, for every origin of a change: a request, the command line, a program.
//!
//! A hook runs in the transaction that writes the row, and its error rolls that back. It may read and write rows of its
//! own; it must not hash, send or wait.

use std::any::Any;

use crate::crypto::Secret;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::email::MailKind;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::instance::Instance;
use crate::instance::caller::Caller;
use crate::instance::event::Event;
use crate::instance::event::EventKind;
use crate::instance::proof::Decision;
use crate::instance::proof::Proof;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::verification::Purpose;
use crate::rows::Condition;

/// Completes a user who is about to be created, or refuses them.
pub type BeforeUserInsert = fn(&mut Tx<'_>, &Instance, &mut User) -> Result<(), AuthError>;
/// Completes a change of a user, or refuses it: the user before, then after.
pub type BeforeUserUpdate =
    fn(&mut Tx<'_>, &Instance, &Caller<'_>, &User, &mut User) -> Result<(), AuthError>;
/// Whether a user may sign in, in the transaction that creates the session. Runs before any
/// challenge.
pub type AdmitsUser = fn(&mut Tx<'_>, &Instance, &Caller<'_>, &User) -> Result<(), AuthError>;
/// The challenge that a sign-in must pass; `None` if the plugin requires none.
pub type ChallengeRule =
    fn(&mut Tx<'_>, &Instance, &Caller<'_>, &Proof<'_>) -> Result<Option<Decision>, AuthError>;
/// Handles an event in its transaction. It may only write rows of the plugin, because transactions may run again or be
/// rolled back on purpose. Its error rolls the transaction back, but not sessions already removed from a secondary
/// storage.
pub type OnEvent = fn(&mut Tx<'_>, &Instance, &Event<'_>) -> Result<(), AuthError>;
/// The id of the user who acts in a session of another user.
pub type Impersonator = fn(&Session) -> Option<&str>;
/// Completes a session that is about to be created, or refuses it.
pub type BeforeSessionInsert = fn(&mut Tx<'_>, &Instance, &mut Session) -> Result<(), AuthError>;
/// Whether a session is accepted at this time. Runs for every request with a session.
pub type AcceptsSession = fn(&Instance, &SessionWithUser, Timestamp) -> bool;
/// Whether use may extend a session.
pub type ExtendsSession = fn(&Session) -> bool;
/// Deletes what belongs to a user who is about to be deleted, or refuses that; the text is the user's id.
pub type BeforeUserDelete = fn(&mut Tx<'_>, &Instance, &str) -> Result<(), AuthError>;

/// Rejects a value of a user field in an operation, by name and value, beyond the field's own
/// validation.
pub type CheckUserField = fn(&Instance, &str, &str) -> Result<(), AuthError>;

/// Rejects a new password, wherever it is set. Runs before it is hashed, outside of transactions,
/// so it may wait.
pub type BeforePassword = fn(&Instance, &Secret) -> Result<(), AuthError>;

/// Checks at startup whether the plugin can work.
pub type Check = fn(&Instance) -> Result<(), AuthError>;
/// Deletes a limited number of expired rows of the plugin and returns the number. It runs again
/// until there are none, and then every minute.
pub type CleanUp = fn(&mut Tx<'_>, &Instance) -> Result<u64, AuthError>;

/// A challenge that a sign-in may have to pass before its session begins.
#[derive(Debug, Clone, Copy)]
pub struct Challenge {
    /// The purpose of its one-time tokens (`api::challenge`). What makes open ones void is listed there.
    pub purpose: Purpose,
    /// Whether the challenge is required.
    pub rule: ChallengeRule,
}

/// A filter that a plugin adds to lists of users.
#[derive(Debug, Clone, Copy)]
pub struct UserListFilter {
    /// Its name, such as `banned`.
    pub name: &'static str,
    /// What stands for its value in the help; a filter without one is on or off.
    pub value_name: Option<&'static str>,
    /// What it is for, in one line.
    pub help: &'static str,
    /// What must hold for a user to be listed.
    pub condition: fn(&Instance, Option<&str>) -> Result<Condition, AuthError>,
}

/// The hooks of one plugin; unused ones are `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hooks {
    /// Before a user is created.
    pub before_user_insert: Option<BeforeUserInsert>,
    /// Before a user changes.
    pub before_user_update: Option<BeforeUserUpdate>,
    /// Before a session is created.
    pub before_session_insert: Option<BeforeSessionInsert>,
    /// Before a challenge or a session.
    pub admits_user: Option<AdmitsUser>,
    /// Before a sign-in creates a session.
    pub challenge: Option<Challenge>,
    /// When an event happens.
    pub on_event: Option<OnEvent>,
    /// The actor in a session, if that is not its user.
    pub impersonator: Option<Impersonator>,
    /// When a session was found.
    pub accepts_session: Option<AcceptsSession>,
    /// When a session may be due to be extended.
    pub extends_session: Option<ExtendsSession>,
    /// Before a user is deleted.
    pub before_user_delete: Option<BeforeUserDelete>,
    /// When an operation sets a field of a user.
    pub check_user_field: Option<CheckUserField>,
    /// Before a new password is hashed.
    pub before_password: Option<BeforePassword>,
    /// Before a server listens.
    pub check: Option<Check>,
    /// Every minute while a server runs.
    pub clean_up: Option<CleanUp>,
    /// Filters of lists of users.
    pub user_filters: &'static [UserListFilter],
    /// Unique fields of `user`, and the error for a duplicate value.
    pub taken: &'static [(&'static str, &'static ErrorCode)],
}

/// What an [`Instance`] knows of a plugin.
pub struct Extension {
    /// The plugin, for its own functions ([`Instance::plugin`]).
    pub plugin: Box<dyn Any + Send + Sync>,
    /// Its hooks.
    pub hooks: Hooks,
    /// The kinds of emails that it sends.
    pub mail_kinds: Vec<&'static MailKind>,
    /// The purposes of its one-time values, including challenges.
    pub purposes: Vec<Purpose>,
    /// The names of the fields that it adds to users.
    pub user_fields: Vec<String>,
}

impl Instance {
    /// A plugin of this instance by its type; `None` if it is not enabled.
    pub fn plugin<T: 'static>(&self) -> Option<&T> {
        self.extensions.iter().find_map(|extension| extension.plugin.downcast_ref())
    }

    /// Runs every plugin's `before_user_insert`.
    pub fn before_user_insert(&self, tx: &mut Tx<'_>, user: &mut User) -> Result<(), AuthError> {
        self.hooks()
            .filter_map(|hooks| hooks.before_user_insert)
            .try_for_each(|f| f(tx, self, user))
    }

    /// Runs every plugin's `before_user_update`.
    pub fn before_user_update(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        was: &User,
        user: &mut User,
    ) -> Result<(), AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.before_user_update);
        hooks.try_for_each(|f| f(tx, self, caller, was, user))
    }

    /// Runs every plugin's `admits_user`.
    pub(super) fn ask_plugins_to_admit(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        user: &User,
    ) -> Result<(), AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.admits_user);
        hooks.try_for_each(|f| f(tx, self, caller, user))
    }

    /// The filters of lists of users of every plugin.
    pub fn user_filters(&self) -> impl Iterator<Item = &UserListFilter> {
        self.hooks().flat_map(|hooks| hooks.user_filters)
    }

    /// The challenges of every plugin.
    pub fn challenges(&self) -> impl Iterator<Item = &Challenge> {
        self.hooks().filter_map(|hooks| hooks.challenge.as_ref())
    }

    /// Passes an event to every plugin, in the transaction in which it happens.
    pub fn emit(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        user_id: Option<&str>,
        kind: EventKind<'_>,
    ) -> Result<(), AuthError> {
        let event = Event { kind, user_id, actor: caller.actor(), client: caller.from() };
        let mut hooks = self.hooks().filter_map(|hooks| hooks.on_event);
        hooks.try_for_each(|f| f(tx, self, &event))
    }

    /// Whether any plugin listens to events. Without one, lookups for events are skipped.
    pub fn has_listeners(&self) -> bool {
        self.hooks().any(|hooks| hooks.on_event.is_some())
    }

    /// Like [`Instance::emit`], but in a transaction of its own, for events without other changes,
    /// such as a refusal. A failure is only logged.
    pub fn record(&self, caller: &Caller<'_>, user_id: Option<&str>, kind: EventKind<'_>) {
        if !self.has_listeners() {
            return;
        }
        if let Err(error) = self.database.write(|tx| self.emit(tx, caller, user_id, kind)) {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(
                event = kind.name(),
                code = error.code().name,
                cause,
                "cannot record an event"
            );
        }
    }

    /// The user who acts in a session of another user.
    pub fn impersonator<'s>(&self, session: &'s Session) -> Option<&'s str> {
        self.hooks().filter_map(|hooks| hooks.impersonator).find_map(|f| f(session))
    }

    /// Runs every plugin's `check_user_field`.
    pub fn check_user_field(&self, name: &str, value: &str) -> Result<(), AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.check_user_field);
        hooks.try_for_each(|f| f(self, name, value))
    }

    /// Runs every plugin's `before_session_insert`.
    pub fn before_session_insert(
        &self,
        tx: &mut Tx<'_>,
        session: &mut Session,
    ) -> Result<(), AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.before_session_insert);
        hooks.try_for_each(|f| f(tx, self, session))
    }

    /// Whether every plugin accepts this session.
    pub(super) fn do_plugins_accept(&self, found: &SessionWithUser, now: Timestamp) -> bool {
        self.hooks().filter_map(|hooks| hooks.accepts_session).all(|f| f(self, found, now))
    }

    /// Whether every plugin allows extending this session.
    pub fn extends_session(&self, session: &Session) -> bool {
        self.hooks().filter_map(|hooks| hooks.extends_session).all(|f| f(session))
    }

    /// Runs every plugin's `before_user_delete`.
    pub fn before_user_delete(&self, tx: &mut Tx<'_>, user_id: &str) -> Result<(), AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.before_user_delete);
        hooks.try_for_each(|f| f(tx, self, user_id))
    }

    /// Runs every plugin's `before_password`.
    pub fn before_password(&self, password: &Secret) -> Result<(), AuthError> {
        self.hooks().filter_map(|hooks| hooks.before_password).try_for_each(|f| f(self, password))
    }

    /// Whether a plugin adds a field of this name to users, and so decides what it means.
    pub(super) fn is_field_of_a_plugin(&self, name: &str) -> bool {
        let mut fields = self.extensions.iter().flat_map(|extension| &extension.user_fields);
        fields.any(|field| field == name)
    }

    /// Whether this purpose belongs to the core or to an enabled plugin.
    pub fn has_purpose(&self, purpose: Purpose) -> bool {
        let of_plugins = self.extensions.iter().flat_map(|extension| &extension.purposes);
        Purpose::ALL.iter().chain(of_plugins).any(|known| *known == purpose)
    }

    /// Runs every plugin's `check`.
    pub fn check_plugins(&self) -> Result<(), AuthError> {
        self.hooks().filter_map(|hooks| hooks.check).try_for_each(|f| f(self))
    }

    /// Runs every plugin's `clean_up` once; returns the number of deleted rows.
    pub fn clean_up_plugins(&self, tx: &mut Tx<'_>) -> Result<u64, AuthError> {
        let mut hooks = self.hooks().filter_map(|hooks| hooks.clean_up);
        hooks.try_fold(0, |sum, f| Ok(sum + f(tx, self)?))
    }

    /// A plugin's error for a duplicate value of this field.
    pub fn taken(&self, field: &str) -> Option<&'static ErrorCode> {
        let mut rows = self.hooks().flat_map(|hooks| hooks.taken);
        rows.find(|(name, _)| *name == field).map(|(_, code)| *code)
    }

    fn hooks(&self) -> impl Iterator<Item = &Hooks> {
        self.extensions.iter().map(|extension| &extension.hooks)
    }
}
