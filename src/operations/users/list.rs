//! `users.list` and `users.show`.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::api::accounts;
use crate::api::sessions;
use crate::api::users;
use crate::error::AuthError;
use crate::models::Account;
use crate::models::User;
use crate::models::session::SessionFilter;
use crate::models::user::UserField;
use crate::models::user::UserFilter;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Filters;
use crate::operations::LIMIT;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::Sort;
use crate::operations::lists;
use crate::operations::outcome::Cell;
use crate::operations::outcome::Record;
use crate::operations::outcome::View;

/// Lists users.
pub const LIST: Operation<ListUsers, UserList> =
    Operation::new("users.list", ("user", "list"), list);

/// Shows a user.
pub const SHOW: Operation<ShowUser, UserDetails> =
    Operation::new("users.show", ("user", "get"), show);

crate::operations::input! {
    /// List users, newest first
    #[command(after_help = "\
Examples:
  better-auth users list --limit 20
  better-auth users list --search example.com --sort email:asc --total
  better-auth users list --banned                   needs [plugins.admin]
  better-auth users list --json | jq -r '.users[].email'")]
    #[derive(Debug, PartialEq, Eq)]
    #[serde(default)]
    pub struct ListUsers {
        /// Maximum number of rows [default: 100]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), default_value_t = LIMIT, hide_default_value = true)]
        pub limit: u32,
        /// Rows to skip
        #[arg(long, value_name = "N", default_value_t = 0)]
        pub offset: u32,
        /// Count all matching rows; slow if there are many
        #[arg(long)]
        pub total: bool,
        /// Only users whose name or email contains this text
        #[arg(long, value_name = "TEXT")]
        pub search: Option<String>,
        /// Filters of plugins by name; all of them must match
        #[command(flatten)]
        pub filters: Filters,
        /// Field to sort by, then :asc or :desc
        #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc")]
        pub sort: Sort<UserField>,
    }
}

impl Default for ListUsers {
    fn default() -> Self {
        Self {
            limit: LIMIT,
            offset: 0,
            total: false,
            search: None,
            filters: Filters::default(),
            sort: Sort::default(),
        }
    }
}

/// A page of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserList {
    /// The page.
    pub users: Vec<User>,
    /// The total number, if requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Whether there are more.
    pub has_more: bool,
    #[serde(skip)]
    next: Option<u32>,
}

impl Outcome for UserList {
    fn view(&self) -> Option<View> {
        Some(View::page("users", &self.users, self.total, self.next))
    }
}

fn list(call: &Call<'_>, input: &ListUsers) -> Result<Done<UserList>, AuthError> {
    let ListUsers { limit, offset, total, search, filters, sort: Sort { field, direction } } =
        input;
    let conditions = filters.conditions(call)?;
    let filter =
        UserFilter { search: search.clone(), sort: *field, direction: *direction, conditions };
    let mut users = users::list(call.instance(), &filter, lists::page(*limit, *offset))?;
    let next = lists::cut(&mut users, *limit, *offset);
    let total = total.then(|| users::count(call.instance(), &filter)).transpose()?;
    Ok(UserList { users, total, has_more: next.is_some(), next }.into())
}

crate::operations::input! {
    /// Show a user with linked accounts and the number of sessions
    #[command(after_help = "\
Examples:
  better-auth users show ada@example.com
  better-auth users show ada@example.com --json")]
    #[derive(Debug)]
    pub struct ShowUser {
        /// Id or email address of the user
        pub user: String,
    }
}

/// A user with accounts and the number of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UserDetails {
    /// The user.
    pub user: User,
    /// The linked accounts.
    pub accounts: Vec<Account>,
    /// The number of active sessions.
    pub sessions: u64,
}

impl Outcome for UserDetails {
    fn view(&self) -> Option<View> {
        Some(View::one(self))
    }
}

impl Record for UserDetails {
    const HEADERS: &'static [&'static str] =
        &["id", "email", "name", "verified", "created", "updated", "image", "accounts", "sessions"];

    fn cells(&self) -> Vec<Cell> {
        let providers = self.accounts.iter().map(|account| account.provider_id.as_str());
        let mut cells = self.user.cells();
        cells.extend([
            self.user.updated_at.into(),
            self.user.image.as_deref().unwrap_or_default().into(),
            providers.collect::<Vec<_>>().join(", ").into(),
            self.sessions.to_string().into(),
        ]);
        cells
    }

    fn more(&self) -> Vec<(String, String)> {
        self.user.more()
    }
}

fn show(call: &Call<'_>, input: &ShowUser) -> Result<Done<UserDetails>, AuthError> {
    let user = call.user(&input.user)?;
    let accounts = accounts::list(call.instance(), &user.id)?;
    let alive = SessionFilter {
        user_id: Some(user.id.clone()),
        alive_at: Some(call.now()),
        ..SessionFilter::default()
    };
    let sessions = sessions::count(call.instance(), &alive)?;
    Ok(UserDetails { user, accounts, sessions }.into())
}

impl Outcome for User {
    fn view(&self) -> Option<View> {
        Some(View::one(self))
    }
}

impl Record for User {
    const HEADERS: &'static [&'static str] = &["id", "email", "name", "verified", "created"];
    const KEPT: &'static [usize] = &[1];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.email.as_str().into(),
            self.name.as_str().into(),
            self.email_verified.into(),
            self.created_at.into(),
        ]
    }

    fn more(&self) -> Vec<(String, String)> {
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let fields = self.additional.returned.iter();
        fields.map(|(name, value)| (name.clone(), text(value))).collect()
    }
}
