//! `sessions list`

use better_auth::ListSessions;
use better_auth::Session;
use better_auth::models::session::SessionField;
use better_auth::models::session::SessionFilter;
use serde::Serialize;
use serde_json::Value;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::lists::PageArgs;
use crate::cli::lists::Sort;
use crate::cli::lists::sort;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;
use crate::cli::who;

/// List sessions, the newest first
///
/// Tokens are left out: whoever has one is signed in.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth sessions list --limit 20
  better-auth sessions list --user ada@example.com --json")]
pub(crate) struct Args {
    /// Only this user's; id or e-mail address
    #[arg(long)]
    user: Option<String>,
    /// Those that are over, too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    page: PageArgs,
    /// createdAt, updatedAt or expiresAt, then :asc or :desc
    #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc", value_parser = order)]
    sort: Sort<SessionField>,
}

fn order(text: &str) -> Result<Sort<SessionField>, String> {
    let fields = [
        ("createdAt", SessionField::CreatedAt),
        ("updatedAt", SessionField::UpdatedAt),
        ("expiresAt", SessionField::ExpiresAt),
    ];
    sort(text, &fields)
}

/// A session as the REST API shows it, but for its token.
struct Shown<'a>(&'a Session);

impl Serialize for Shown<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(self.0).map_err(serde::ser::Error::custom)?;
        if let Value::Object(object) = &mut value {
            object.remove("token");
        }
        value.serialize(to)
    }
}

impl Record for Shown<'_> {
    const HEADERS: &'static [&'static str] =
        &["id", "user", "created", "expires", "address", "agent"];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        vec![
            self.0.id.clone(),
            self.0.user_id.clone(),
            time(self.0.created_at),
            time(self.0.expires_at),
            self.0.ip_address.clone().unwrap_or_default(),
            self.0.user_agent.clone().unwrap_or_default(),
        ]
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = args.user.as_deref().map(|name| who::find(&auth, name)).transpose()?;
    let list = ListSessions {
        limit: args.page.limit,
        offset: args.page.offset,
        filter: SessionFilter {
            user_id: user.map(|user| user.id),
            alive_at: (!args.all).then(|| auth.database().clock().now()),
            sort: args.sort.field,
            direction: args.sort.direction,
        },
        total: args.page.total,
    };
    let found = auth.api().list_sessions(&list)?;
    let records: Vec<Shown<'_>> = found.sessions.iter().map(Shown).collect();
    app.output.list(&Page { name: "sessions", records: &records, total: found.total })
}
