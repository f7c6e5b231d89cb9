//! `users.set-password` and `users.unlock`.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::api::lockout;
use crate::api::passwords;
use crate::crypto::Secret;
use crate::error::AuthError;
use crate::error::codes;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::sessions::Revoked;
use crate::operations::sessions::ended;
use crate::operations::users::explain;

/// Sets a user's password.
pub const SET_PASSWORD: Operation<SetPassword, Revoked> =
    Operation::new("users.set-password", ("user", "set-password"), set_password)
        .refuses(&[codes::PASSWORD_TOO_SHORT, codes::PASSWORD_TOO_LONG]);

/// Unlocks a user after too many wrong passwords.
pub const UNLOCK: Operation<UnlockUser, Unlocked> =
    Operation::new("users.unlock", ("user", "update"), unlock);

/// A new password: a string in JSON; on the command line read from standard input or asked for.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct NewPassword {
    /// Read the password from standard input
    #[serde(skip)]
    #[cfg_attr(feature = "cli", arg(long, conflicts_with = "password"))]
    pub password_stdin: bool,
    /// The password; other users of this machine can see it in the list of processes
    #[cfg_attr(feature = "cli", arg(long, value_name = "PASSWORD", value_parser = |text: &str| Ok::<_, String>(Secret::new(text))))]
    pub password: Option<Secret>,
}

crate::operations::input! {
    /// Set a user's password and revoke their sessions
    #[command(after_help = "\
Examples:
  better-auth users set-password ada@example.com
  echo \"$PASSWORD\" | better-auth users set-password ada@example.com --password-stdin")]
    pub struct SetPassword {
        /// Id or email address of the user
        pub user: String,
        /// The new password
        #[command(flatten)]
        pub password: NewPassword,
        /// Keep the user's sessions
        #[serde(default)]
        #[arg(long)]
        pub keep_sessions: bool,
    }
}

fn set_password(call: &Call<'_>, input: &SetPassword) -> Result<Done<Revoked>, AuthError> {
    let user = call.user(&input.user)?;
    let password = input.password.password.clone().unwrap_or_default();
    let (instance, keep) = (call.instance(), input.keep_sessions);
    let revoked = passwords::set(instance, &user.id, &password, keep, &call.caller())
        .map_err(|error| explain(error, &user.email, call))?;
    let what = format!("password of {} set, {}", user.label(), ended(revoked));
    Ok(Done::new(what, Revoked::new(revoked)))
}

crate::operations::input! {
    /// Unlock a user after too many wrong passwords
    #[command(after_help = "\
Examples:
  better-auth users unlock ada@example.com")]
    #[derive(Debug)]
    pub struct UnlockUser {
        /// Id or email address of the user
        pub user: String,
    }
}

/// The result of unlocking a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unlocked {
    status: bool,
    /// Whether there were failed attempts.
    pub unlocked: bool,
}

impl Outcome for Unlocked {}

fn unlock(call: &Call<'_>, input: &UnlockUser) -> Result<Done<Unlocked>, AuthError> {
    let user = call.user(&input.user)?;
    let unlocked = lockout::unlock(call.instance(), &user.id, &call.caller())?;
    let done = if unlocked { "was unlocked" } else { "was not locked" };
    Ok(Done::new(format!("{} {done}", user.label()), Unlocked { status: true, unlocked }))
}
