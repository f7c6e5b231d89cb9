//! `sessions`: listing and revoking sessions.

use schemars::JsonSchema;
use serde::Serialize;
use serde::Serializer;
use serde::ser::Error as _;
use serde::ser::SerializeStruct as _;
use serde_json::Value;

use crate::api::sessions;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::Session;
use crate::models::User;
use crate::models::session::SessionField;
use crate::models::session::SessionFilter;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::LIMIT;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::Sort;
use crate::operations::lists;
use crate::operations::outcome::Cell;
use crate::operations::outcome::Record;
use crate::operations::outcome::View;

/// Lists sessions.
pub const LIST: Operation<ListSessions, SessionList> =
    Operation::new("sessions.list", ("session", "list"), list);

/// Revokes sessions.
pub const REVOKE: Operation<RevokeSessions, Revoked> =
    Operation::new("sessions.revoke", ("session", "revoke"), revoke).asks(which_to_revoke);

crate::operations::input! {
    /// List sessions, newest first
    ///
    /// Tokens are omitted without --show-tokens: a token is enough to be signed in.
    #[command(after_help = "\
Examples:
  better-auth sessions list --limit 20
  better-auth sessions list --user ada@example.com --json")]
    #[derive(Debug, PartialEq, Eq)]
    #[serde(default)]
    pub struct ListSessions {
        /// Only sessions of this user; id or email address
        #[arg(long)]
        pub user: Option<String>,
        /// Include expired sessions
        #[arg(long)]
        pub all: bool,
        /// Include tokens, in JSON only; a token is enough to be signed in
        #[arg(long)]
        pub show_tokens: bool,
        /// Maximum number of rows [default: 100]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), default_value_t = LIMIT, hide_default_value = true)]
        pub limit: u32,
        /// Rows to skip
        #[arg(long, value_name = "N", default_value_t = 0)]
        pub offset: u32,
        /// Count all matching rows; slow if there are many
        #[arg(long)]
        pub total: bool,
        /// Field to sort by, then :asc or :desc
        #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc")]
        pub sort: Sort<SessionField>,
    }
}

impl Default for ListSessions {
    fn default() -> Self {
        Self {
            user: None,
            all: false,
            show_tokens: false,
            limit: LIMIT,
            offset: 0,
            total: false,
            sort: Sort::default(),
        }
    }
}

/// A page of sessions. It serialises without tokens, unless they were requested.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct SessionList {
    /// The page.
    pub sessions: Vec<Session>,
    /// The total number, if requested.
    pub total: Option<u64>,
    /// Whether there are more.
    pub has_more: bool,
    #[schemars(skip)]
    next: Option<u32>,
    #[schemars(skip)]
    has_tokens: bool,
}

impl Serialize for SessionList {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut sessions = serde_json::to_value(&self.sessions).map_err(S::Error::custom)?;
        if let (Value::Array(sessions), false) = (&mut sessions, self.has_tokens) {
            for session in sessions.iter_mut().filter_map(Value::as_object_mut) {
                session.remove("token");
            }
        }
        let mut list = to.serialize_struct("SessionList", 3)?;
        list.serialize_field("sessions", &sessions)?;
        if let Some(total) = self.total {
            list.serialize_field("total", &total)?;
        }
        list.serialize_field("hasMore", &self.has_more)?;
        list.end()
    }
}

impl Outcome for SessionList {
    fn view(&self) -> Option<View> {
        Some(View::page("sessions", &self.sessions, self.total, self.next))
    }
}

impl Record for Session {
    const HEADERS: &'static [&'static str] =
        &["id", "user", "created", "expires", "address", "agent"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.user_id.as_str().into(),
            self.created_at.into(),
            self.expires_at.into(),
            self.ip_address.as_deref().unwrap_or_default().into(),
            self.user_agent.as_deref().unwrap_or_default().into(),
        ]
    }
}

fn list(call: &Call<'_>, input: &ListSessions) -> Result<Done<SessionList>, AuthError> {
    let (instance, page) = (call.instance(), lists::page(input.limit, input.offset));
    let user = input.user.as_deref().map(|name| call.user(name)).transpose()?;
    let filter = SessionFilter {
        user_id: user.map(|user| user.id),
        alive_at: (!input.all).then(|| call.now()),
        sort: input.sort.field,
        direction: input.sort.direction,
    };
    let mut sessions = sessions::list(instance, &filter, page)?;
    let next = lists::cut(&mut sessions, input.limit, input.offset);
    let total = input.total.then(|| sessions::count(instance, &filter)).transpose()?;
    let (has_more, has_tokens) = (next.is_some(), input.show_tokens);
    Ok(SessionList { sessions, total, has_more, next, has_tokens }.into())
}

crate::operations::input! {
    /// Revoke sessions, effective immediately
    ///
    /// WHAT is the id of a session, or the id or email address of a user, whose sessions are all
    /// revoked.
    #[command(after_help = "\
Examples:
  better-auth sessions revoke 0199c0de-0000-7000-8000-000000000000
  better-auth revoke-sessions ada@example.com --yes
  better-auth revoke-sessions --all --yes")]
    #[derive(Debug, Default)]
    #[serde(default)]
    pub struct RevokeSessions {
        /// Id of a session, or id or email address of a user
        #[arg(value_name = "WHAT", required_unless_present_any = ["user", "all"])]
        pub what: Vec<String>,
        /// All sessions of this user; id or email address
        #[arg(long, conflicts_with = "what")]
        pub user: Vec<String>,
        /// All sessions of all users
        #[arg(long, conflicts_with_all = ["what", "user"])]
        pub all: bool,
    }
}

/// The number of revoked sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    status: bool,
    /// The number.
    pub revoked_sessions: u64,
}

impl Outcome for Revoked {}

impl Revoked {
    pub(super) fn new(revoked_sessions: u64) -> Self {
        Self { status: true, revoked_sessions }
    }
}

/// The number of revoked sessions, in words.
pub(super) fn ended(count: u64) -> String {
    format!("{count} session{} revoked", if count == 1 { "" } else { "s" })
}

/// Resolves the input to ids of sessions in `what` and ids of users in `user`.
fn which_to_revoke(
    call: &Call<'_>,
    input: &mut RevokeSessions,
) -> Result<Option<String>, AuthError> {
    if input.all && !(input.user.is_empty() && input.what.is_empty()) {
        let message = "all and the name of a user or session contradict each other";
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    if input.all {
        return Ok(Some("Revoke all sessions of all users?".to_owned()));
    }
    let users = input.user.iter().map(|name| call.user(name));
    let mut users = users.collect::<Result<Vec<_>, _>>()?;
    let mut sessions = Vec::new();
    for what in &input.what {
        match session(call, what)? {
            Some(session) => sessions.push(session.id),
            None => users.push(user(call, what)?),
        }
    }
    let labels: Vec<&str> = users.iter().map(User::label).collect();
    let question = format!("Revoke all sessions of {}?", labels.join(", "));
    let question = (!labels.is_empty()).then_some(question);
    input.what = sessions;
    input.user = users.into_iter().map(|user| user.id).collect();
    Ok(question)
}

fn session(call: &Call<'_>, what: &str) -> Result<Option<Session>, AuthError> {
    if what.contains('@') {
        return Ok(None);
    }
    sessions::find_by_id_or_token(call.instance(), what)
}

fn user(call: &Call<'_>, what: &str) -> Result<User, AuthError> {
    call.user(what).map_err(|error| {
        if what.contains('@') || !error.is(codes::USER_NOT_FOUND) {
            return error;
        }
        error.with_message(format!("no session or user has the id {what:?}"))
    })
}

fn revoke(call: &Call<'_>, input: &RevokeSessions) -> Result<Done<Revoked>, AuthError> {
    let (instance, caller) = (call.instance(), call.caller());
    let mut revoked = 0;
    if input.all {
        revoked = sessions::revoke_all_users(instance, &caller)?;
    }
    let users = input.user.iter().map(|id| sessions::revoke_all(instance, id, &caller));
    // A session that existed a moment ago is gone: it was named twice, belongs to a user who was
    // named too, or was signed out. The result is the requested one.
    let single = input
        .what
        .iter()
        .map(|id| Ok(sessions::revoke_by_id_or_token(instance, id, &caller)?.map_or(0, |_| 1)));
    for ended_now in users.chain(single) {
        revoked += ended_now.map_err(|error| after(revoked, error))?;
    }
    Ok(Done::new(ended(revoked), Revoked::new(revoked)))
}

/// Adds the number of sessions that were revoked before the error.
fn after(revoked: u64, error: AuthError) -> AuthError {
    if revoked == 0 {
        return error;
    }
    let message = format!("{}; before that, {}", error.message(), ended(revoked));
    error.with_message(message)
}
