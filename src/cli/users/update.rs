//! `users update`

use better_auth::UserChanges;
use clap::ArgGroup;
use serde_json::Value;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::users::explain;
use crate::cli::users::fields;
use crate::cli::users::fields::FieldArgs;
use crate::cli::users::plugin;
use crate::cli::who;

const CHANGES: [&str; 8] =
    ["name", "email", "image", "no_image", "verified", "unverified", "fields", "unset"];

/// Change a user
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "better-auth users update [OPTIONS] <USER>",
    group(ArgGroup::new("change").required(true).multiple(true).args(CHANGES).args(plugin::options().map(|option| option.field))),
    after_help = "\
Examples:
  better-auth users update ada@example.com --name 'Ada Lovelace' --verified
  better-auth users update ada@example.com --email ada@lovelace.example
  better-auth users update ada@example.com --field plan=free --unset age"
)]
pub(crate) struct Args {
    /// Id or e-mail address of the user
    user: String,
    /// New display name
    #[arg(long)]
    name: Option<String>,
    /// New e-mail address; unverified unless --verified says otherwise
    #[arg(long)]
    email: Option<String>,
    /// New URL of a picture
    #[arg(long, value_name = "URL", conflicts_with = "no_image")]
    image: Option<String>,
    /// Remove the picture
    #[arg(long)]
    no_image: bool,
    /// Mark the email as verified
    #[arg(long, conflicts_with = "unverified")]
    verified: bool,
    /// Mark the email as not verified
    #[arg(long)]
    unverified: bool,
    #[command(flatten)]
    fields: FieldArgs,
    /// Remove the value of an additional field that is not required
    #[arg(long, value_name = "NAME")]
    unset: Vec<String>,
}

pub(crate) fn run(given: Args, app: &App) -> Result<(), Failure> {
    let auth = app.ready_auth()?;
    let user = who::find(&auth, &given.user)?;
    let image = if given.no_image { Some(None) } else { given.image.map(Some) };
    let mut additional = given.fields.values(&auth)?;
    for name in &given.unset {
        fields::add(&mut additional, name, Value::Null)?;
    }
    let changes = UserChanges {
        name: given.name,
        email: given.email,
        image,
        email_verified: (given.verified || given.unverified).then_some(given.verified),
        additional,
    };
    let updated = auth
        .api()
        .update_user(&user.id, &changes)
        .map_err(|error| explain(error, changes.email.as_deref().unwrap_or_default(), &auth))?;
    app.output.done(format_args!("updated {}", updated.email));
    app.output.one(&updated)
}
