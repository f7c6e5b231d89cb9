//! The rules of usernames, and their uniqueness.

use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;
use crate::plugins::username::DISPLAY;
use crate::plugins::username::USERNAME;
use crate::plugins::username::Username;
use crate::plugins::username::When;
use crate::plugins::username::codes;
use crate::plugins::username::codes::Problem;

impl Username {
    /// A username as it is stored and looked up.
    pub(super) fn normalised(&self, name: &str) -> String {
        if self.options.username_normalization { name.to_lowercase() } else { name.to_owned() }
    }

    /// The problem with a username; its length counts UTF-16 units, as in JavaScript.
    pub(super) fn problem(&self, name: &str) -> Option<Problem> {
        let normalised;
        let name = if self.options.validation_order.username == When::After {
            normalised = self.normalised(name);
            &normalised
        } else {
            name
        };
        let length = name.encode_utf16().count();
        if length < self.options.min_username_length {
            return Some(codes::TOO_SHORT);
        }
        if self.options.max_username_length < length {
            return Some(codes::TOO_LONG);
        }
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
        (!is_plain || name.is_empty()).then_some(codes::INVALID)
    }

    /// Normalizes and validates a user's name.
    fn settle(&self, tx: &mut Tx<'_>, user: &mut User) -> Result<(), AuthError> {
        let Some(name) = user.additional.text(USERNAME).map(str::to_owned) else {
            return Ok(());
        };
        if let Some(problem) = self.problem(&name) {
            return Err(problem.refused.into());
        }
        let normalised = self.normalised(&name);
        let known = user::find_with_hash_by(tx, USERNAME, &normalised)?;
        if known.is_some_and(|(known, _)| known.id != user.id) {
            return Err(codes::TAKEN.into());
        }
        user.additional.set(USERNAME, normalised);
        Ok(())
    }
}

/// Completes a new user's name; the display name defaults to the original spelling.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user: &mut User,
) -> Result<(), AuthError> {
    let chosen = user.additional.text(USERNAME).map(str::to_owned);
    Username::of(instance)?.settle(tx, user)?;
    let has_display = user.additional.text(DISPLAY).is_some_and(|display| !display.is_empty());
    if let Some(chosen) = chosen.filter(|_| !has_display) {
        user.additional.set(DISPLAY, chosen);
    }
    Ok(())
}

/// Checks a changed name.
pub(super) fn change(
    tx: &mut Tx<'_>,
    instance: &Instance,
    _: &Caller<'_>,
    was: &User,
    user: &mut User,
) -> Result<(), AuthError> {
    if user.additional.get(USERNAME) == was.additional.get(USERNAME) {
        return Ok(());
    }
    Username::of(instance)?.settle(tx, user)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    fn problem(options: Value, name: &str) -> Option<&'static str> {
        let username = Username { options: serde_json::from_value(options).unwrap() };
        username.problem(name).map(|problem| problem.refused.name)
    }

    #[test]
    fn a_name_has_a_length_and_plain_characters() {
        for (name, expected) in [
            ("ada", None),
            ("Ada.L_1", None),
            ("ab", Some("USERNAME_TOO_SHORT")),
            (&"x".repeat(31), Some("USERNAME_TOO_LONG")),
            ("ada lovelace", Some("INVALID_USERNAME")),
            ("a@b.co", Some("INVALID_USERNAME")),
            ("ädä", Some("INVALID_USERNAME")),
            // Each of the two is two UTF-16 units, so the length is four.
            ("😀😀", Some("INVALID_USERNAME")),
        ] {
            assert_eq!(problem(json!({}), name), expected, "{name}");
        }
        // The Kelvin sign is not an ASCII letter, but becomes `k` in lower case.
        let kelvin = "\u{212a}elvin";
        assert_eq!(problem(json!({}), kelvin), Some("INVALID_USERNAME"));
        let after = json!({"validationOrder": {"username": "post-normalization"}});
        assert_eq!(problem(after, kelvin), None);
    }
}
