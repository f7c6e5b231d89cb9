//! `users`: one file per command.

pub(crate) mod create;
mod delete;
mod fields;
mod invite;
pub(crate) mod list;
mod plugin;
mod send_reset;
mod set_password;
mod show;
mod unlock;
mod update;
mod verify_email;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::User;
use better_auth::codes;
use serde_json::Value;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// Manage users
#[derive(Debug, clap::Subcommand)]
pub(crate) enum UsersCommand {
    List(list::Args),
    Show(show::Args),
    Create(create::Args),
    Update(update::Args),
    SetPassword(set_password::Args),
    VerifyEmail(verify_email::Args),
    SendReset(send_reset::Args),
    Invite(invite::Args),
    Unlock(unlock::Args),
    Delete(delete::Args),
    #[command(flatten)]
    Plugin(plugin::PluginCommand),
}

pub(crate) fn run(command: UsersCommand, app: &App) -> Result<(), Failure> {
    match command {
        UsersCommand::List(args) => list::run(args, app),
        UsersCommand::Show(args) => show::run(args, app),
        UsersCommand::Create(args) => create::run(args, app),
        UsersCommand::Update(args) => update::run(args, app),
        UsersCommand::SetPassword(args) => set_password::run(args, app),
        UsersCommand::VerifyEmail(args) => verify_email::run(args, app),
        UsersCommand::SendReset(args) => send_reset::run(args, app),
        UsersCommand::Invite(args) => invite::run(args, app),
        UsersCommand::Unlock(args) => unlock::run(args, app),
        UsersCommand::Delete(args) => delete::run(args, app),
        UsersCommand::Plugin(command) => plugin::run(command, app),
    }
}

/// What the rules refuse, in words that name the value and the limit.
pub(crate) fn explain(error: AuthError, email: &str, auth: &BetterAuth) -> Failure {
    let options = &auth.config().email_and_password;
    let message = if error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) {
        format!("a user with the address {email} exists already")
    } else if error.is(codes::INVALID_EMAIL) {
        format!("{email:?} is not an e-mail address")
    } else if error.is(codes::PASSWORD_TOO_SHORT) {
        let least = options.min_password_length;
        format!("the password is shorter than {least} characters")
    } else if error.is(codes::PASSWORD_TOO_LONG) {
        let most = options.max_password_length;
        format!("the password is longer than {most} characters")
    } else if error.is(codes::RESET_PASSWORD_DISABLED)
        || error.is(codes::VERIFICATION_EMAIL_NOT_ENABLED)
    {
        "such messages are not sent; email.transport and email.senders say which are".to_owned()
    } else if error.is(codes::INVALID_REDIRECT_URL) {
        "the place that the link leads on to is not in trustedOrigins".to_owned()
    } else {
        return error.into();
    };
    Failure { message, ..error.into() }
}

impl Record for User {
    const HEADERS: &'static [&'static str] = &["id", "email", "name", "verified", "created"];
    const KEPT: &'static [usize] = &[1];

    fn cells(&self, time: TimeForm) -> Vec<String> {
        let verified = if self.email_verified { "yes" } else { "no" };
        vec![
            self.id.clone(),
            self.email.clone(),
            self.name.clone(),
            verified.to_owned(),
            time(self.created_at),
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
