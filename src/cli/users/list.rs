//! `users list`

use better_auth::ListUsers;
use better_auth::models::user::UserField;
use better_auth::models::user::UserFilter;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::lists::PageArgs;
use crate::cli::lists::Sort;
use crate::cli::lists::sort;
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
    /// Only users whose name or address contains this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// name, email, createdAt or updatedAt, then :asc or :desc
    #[arg(long, value_name = "FIELD:asc|desc", default_value = "createdAt:desc", value_parser = order)]
    sort: Sort<UserField>,
}

fn order(text: &str) -> Result<Sort<UserField>, String> {
    let fields = [
        ("name", UserField::Name),
        ("email", UserField::Email),
        ("createdAt", UserField::CreatedAt),
        ("updatedAt", UserField::UpdatedAt),
    ];
    sort(text, &fields)
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let list = ListUsers {
        limit: args.page.limit,
        offset: args.page.offset,
        filter: UserFilter {
            search: args.search,
            sort: args.sort.field,
            direction: args.sort.direction,
        },
        total: args.page.total,
    };
    let found = app.ready_auth()?.api().list_users(&list)?;
    app.output.list(&Page { name: "users", records: &found.users, total: found.total })
}
