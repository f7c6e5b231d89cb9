//! What the plugin adds to the command line.

use std::time::Duration;

use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::User;
use crate::plugin::Arg;
use crate::plugin::ArgKind;
use crate::plugin::Command;
use crate::plugin::Done;
use crate::plugin::Given;
use crate::plugin::UserOption;
use crate::plugins::admin::bans;
use crate::plugins::admin::bans::Ban;
use crate::plugins::admin::roles;

pub(super) const USER_OPTIONS: &[UserOption] = &[UserOption {
    field: "role",
    value_name: "ROLE",
    help: "What they may do, such as admin; several with commas",
    check: roles::check,
}];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "set-role",
        about: "Give a user other roles",
        examples: "\
Examples:
  better-auth users set-role ada@example.com admin
  better-auth users set-role ada@example.com support editor",
        args: &[Arg { name: "role", kind: ArgKind::Words("ROLE"), help: "One or several roles" }],
        run: set_role,
    },
    Command {
        name: "ban",
        about: "Ban a user and revoke their sessions",
        examples: "\
Examples:
  better-auth users ban eve@example.com --reason 'sends spam'
  better-auth users ban eve@example.com --expires-in 7d",
        args: &[
            Arg {
                name: "reason",
                kind: ArgKind::Value("TEXT"),
                help: "Why; administrators can read it",
            },
            Arg {
                name: "expires-in",
                kind: ArgKind::Value("SPAN"),
                help: "For how long, such as 3600 (seconds), 90m, 12h or 7d [default: for ever]",
            },
        ],
        run: ban,
    },
    Command {
        name: "unban",
        about: "Let a banned user in again",
        examples: "Example:\n  better-auth users unban eve@example.com",
        args: &[],
        run: unban,
    },
];

fn set_role(
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
    given: &Given,
) -> Result<Done, AuthError> {
    let role = given.texts("role").join(",");
    roles::check(instance, &role)?;
    let user = roles::set(instance, &user.id, &role, caller)?;
    Ok(Done { what: format!("{} has the role {role}", user.email), user })
}

fn ban(
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
    given: &Given,
) -> Result<Done, AuthError> {
    let now = instance.database().clock().now();
    let until = given.text("expires-in").map(|text| end(now, text)).transpose()?;
    let ban = Ban { reason: given.text("reason"), until };
    let user = bans::ban(instance, &user.id, &ban, caller)?;
    Ok(Done { what: format!("banned {}", user.email), user })
}

fn unban(
    instance: &Instance,
    caller: &Caller<'_>,
    user: &User,
    _: &Given,
) -> Result<Done, AuthError> {
    let user = bans::unban(instance, &user.id, caller)?;
    Ok(Done { what: format!("{} may sign in again", user.email), user })
}

fn end(now: Timestamp, text: &str) -> Result<Timestamp, AuthError> {
    span(text).map(|span| now.after(span)).ok_or_else(|| {
        let message =
            format!("--expires-in: expected a span such as 3600, 90m, 12h or 7d, got {text:?}");
        AuthError::new(codes::VALIDATION_ERROR).with_message(message)
    })
}

/// A span of time: seconds, or a whole number with `s`, `m`, `h` or `d`; at most a hundred years.
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
