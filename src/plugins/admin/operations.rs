//! The operations of the command line: `users set-role`, `users ban`, `users unban`.

use std::time::Duration;

use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::models::User;
use crate::operations::AnyOperation;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Operation;
use crate::plugin::UserOption;
use crate::plugins::admin::bans;
use crate::plugins::admin::bans::Ban;
use crate::plugins::admin::roles;

pub(super) const USER_OPTIONS: &[UserOption] = &[UserOption {
    field: "role",
    value_name: "ROLE",
    help: "Role, such as admin; separate several with commas",
}];

pub(super) const ALL: &[&dyn AnyOperation] = &[
    &Operation::new("users.set-role", ("user", "set-role"), set_role).refuses(REFUSALS),
    &Operation::new("users.ban", ("user", "ban"), ban).refuses(REFUSALS),
    &Operation::new("users.unban", ("user", "ban"), unban).refuses(REFUSALS),
];

const REFUSALS: &[&ErrorCode] = &[codes::VALIDATION_ERROR, codes::CONFIG_INVALID];

crate::operations::input! {
    /// Set the role of a user
    #[command(after_help = "\
Examples:
  better-auth users set-role ada@example.com admin
  better-auth users set-role ada@example.com support editor")]
    struct SetRole {
        /// Id or email address of the user
        user: String,
        /// One or several roles
        #[arg(required = true)]
        role: Vec<String>,
    }
}

crate::operations::input! {
    /// Ban a user and revoke their sessions
    #[command(after_help = "\
Examples:
  better-auth users ban eve@example.com --reason 'sends spam'
  better-auth users ban eve@example.com --expires-in 7d")]
    struct BanUser {
        /// Id or email address of the user
        user: String,
        /// Reason; administrators can read it
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Duration, such as 3600 (seconds), 90m, 12h or 7d [default: permanent]
        #[arg(long, value_name = "SPAN")]
        expires_in: Option<String>,
    }
}

crate::operations::input! {
    /// Lift the ban of a user
    #[command(after_help = "\
Example:
  better-auth users unban eve@example.com")]
    struct UnbanUser {
        /// Id or email address of the user
        user: String,
    }
}

fn set_role(call: &Call<'_>, input: &SetRole) -> Result<Done<User>, AuthError> {
    let (user, role) = (call.user(&input.user)?, input.role.join(","));
    roles::check(call.instance(), &role)?;
    let user = roles::set(call.instance(), &user.id, &role, &call.caller())?;
    Ok(Done::new(format!("Set the role of {} to {role}", user.label()), user))
}

fn ban(call: &Call<'_>, input: &BanUser) -> Result<Done<User>, AuthError> {
    let user = call.user(&input.user)?;
    let until = input.expires_in.as_deref().map(|text| span(text).ok_or_else(|| no_span(text)));
    let until = until.transpose()?.map(|span| call.now().after(span));
    let ban = Ban { reason: input.reason.as_deref(), until };
    let user = bans::ban(call.instance(), &user.id, &ban, &call.caller())?;
    Ok(Done::new(format!("banned {}", user.label()), user))
}

fn unban(call: &Call<'_>, input: &UnbanUser) -> Result<Done<User>, AuthError> {
    let user = call.user(&input.user)?;
    let user = bans::unban(call.instance(), &user.id, &call.caller())?;
    Ok(Done::new(format!("Lifted the ban of {}", user.label()), user))
}

fn no_span(text: &str) -> AuthError {
    let message =
        format!("--expires-in: expected a duration such as 3600, 90m, 12h or 7d, got {text:?}");
    AuthError::new(codes::VALIDATION_ERROR).with_message(message)
}

/// A duration: seconds, or a whole number with `s`, `m`, `h` or `d`; at most a hundred years.
fn span(text: &str) -> Option<Duration> {
    let units = [("s", 1), ("m", 60), ("h", 60 * 60), ("d", 24 * 60 * 60)];
    let unit = units.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)));
    let (number, seconds) = unit.unwrap_or((text, 1));
    let whole: u64 = number.parse().ok().filter(|whole| 0 < *whole)?;
    let seconds = whole.checked_mul(seconds).filter(|span| *span <= 100 * 365 * 24 * 60 * 60)?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_seconds_or_has_a_unit() {
        assert_eq!(span("90"), Some(Duration::from_secs(90)));
        assert_eq!(span("7d"), Some(Duration::from_secs(604_800)));
        for text in ["", "d", "0", "-1", "1w", "1.5h", "99999999999999999999d", "40000d"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
