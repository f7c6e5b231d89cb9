//! Compares names of several spellings: `emailVerified`, `email_verified`, `EMAILVERIFIED`.

/// The words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            was_lower = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (was_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase() || character.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether two names are the same in another spelling.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    words(left).concat() == words(right).concat()
}

/// Whether every word of `part` is one of `whole`, in the same order.
pub(super) fn is_part(part: &str, whole: &str) -> bool {
    let whole = words(whole);
    let mut rest = whole.iter();
    let part = words(part);
    let is_it = |left: &str, right: &str| left.trim_end_matches('s') == right.trim_end_matches('s');
    !part.is_empty() && part.iter().all(|word| rest.any(|other| is_it(other, word)))
}

/// Whether a table may be that of a model, by its name: `users`, `auth_user`, `app_users`.
pub(super) fn is_named_after(table: &str, model: &str) -> bool {
    let (table, model) = (words(table).concat(), words(model).concat());
    table.ends_with(&model) || table.ends_with(&format!("{model}s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(words("accessTokenExpiresAt"), ["access", "token", "expires", "at"]);
        assert_eq!(words("email_is_verified"), ["email", "is", "verified"]);
        assert!(is_same("ipAddress", "ip_address") && is_same("userId", "userid"));
        assert!(is_part("emailVerified", "email_is_verified"));
        assert!(
            is_part("token", "session_token")
                && is_part("scope", "scopes")
                && !is_part("token", "to_ken")
        );
        assert!(!is_part("verifiedEmail", "email_is_verified"));
        assert!(is_named_after("auth_users", "user") && is_named_after("Session", "session"));
        assert!(!is_named_after("user_profile", "user"));
    }
}
