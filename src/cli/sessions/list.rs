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
use crate::cli::lists::SortParser;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;
use crate::cli::who;

/// List sessions, the newest first
///
/// Tokens are left out unless --show-tokens is given: whoever has one is signed in.
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
    /// Tokens too, in JSON only: whoever has one is signed in
    #[arg(long)]
    show_tokens: bool,
    #[command(flatten)]
    page: PageArgs,
    /// Count all that match too; takes as long as there are many
    #[arg(long)]
    total: bool,
    /// Field to sort by, then :asc or :desc
    #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc", value_parser = SortParser(FIELDS))]
    sort: Sort<SessionField>,
}

const FIELDS: &[(&str, SessionField)] = &[
    ("createdAt", SessionField::CreatedAt),
    ("updatedAt", SessionField::UpdatedAt),
    ("expiresAt", SessionField::ExpiresAt),
];

/// A session as the REST API shows it, but for its token unless that was asked for.
struct SessionRow<'a> {
    session: &'a Session,
    has_token: bool,
}

impl Serialize for SessionRow<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(self.session).map_err(serde::ser::Error::custom)?;
        if let (Value::Object(object), false) = (&mut value, self.has_token) {
            object.remove("token");
        }
        value.serialize(to)
    }
}

impl Record for SessionRow<'_> {
    const HEADERS: &'static [&'static str] =
        &["id", "user", "created", "expires", "address", "agent"];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        vec![
            self.session.id.clone(),
            self.session.user_id.clone(),
            time(self.session.created_at),
            time(self.session.expires_at),
            self.session.ip_address.clone().unwrap_or_default(),
            self.session.user_agent.clone().unwrap_or_default(),
        ]
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    if args.show_tokens && !app.output.is_json() {
        return Err(Failure::usage("tokens are shown in JSON only").with_hint("add --json"));
    }
    let auth = app.ready_auth()?;
    let user = args.user.as_deref().map(|name| who::find(&auth, name)).transpose()?;
    let list = ListSessions {
        limit: args.page.asked(),
        offset: args.page.offset,
        filter: SessionFilter {
            user_id: user.map(|user| user.id),
            alive_at: (!args.all).then(|| auth.database().clock().now()),
            sort: args.sort.field,
            direction: args.sort.direction,
        },
        total: args.total,
    };
    let mut found = auth.api().list_sessions(&list)?;
    let rest = Some(args.page.cut(&mut found.sessions));
    let shown = |session| SessionRow { session, has_token: args.show_tokens };
    let records: Vec<SessionRow<'_>> = found.sessions.iter().map(shown).collect();
    app.output.list(&Page { name: "sessions", records: &records, total: found.total, rest })
}
