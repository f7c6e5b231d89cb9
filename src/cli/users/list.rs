//! `users list`

use better_auth::ListUsers;
use better_auth::models::user::UserField;
use better_auth::models::user::UserFilter;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::lists::PageArgs;
use crate::cli::lists::Sort;
use crate::cli::lists::SortParser;
use crate::cli::output::Page;

/// List users, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth users list --limit 20
  better-auth users list --search example.com --sort email:asc --total
  better-auth users list --json | jq -r '.users[].email'")]
pub(crate) struct Args {
    #[command(flatten)]
    page: PageArgs,
    /// Count all that match too; takes as long as there are many
    #[arg(long)]
    total: bool,
    /// Only users whose name or address contains this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Field to sort by, then :asc or :desc
    #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc", value_parser = SortParser(FIELDS))]
    sort: Sort<UserField>,
}

const FIELDS: &[(&str, UserField)] = &[
    ("name", UserField::Name),
    ("email", UserField::Email),
    ("createdAt", UserField::CreatedAt),
    ("updatedAt", UserField::UpdatedAt),
];

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let list = ListUsers {
        limit: args.page.asked(),
        offset: args.page.offset,
        filter: UserFilter {
            search: args.search,
            sort: args.sort.field,
            direction: args.sort.direction,
        },
        total: args.total,
    };
    let mut found = app.ready_auth()?.api().list_users(&list)?;
    let rest = Some(args.page.cut(&mut found.users));
    app.output.list(&Page { name: "users", records: &found.users, total: found.total, rest })
}
