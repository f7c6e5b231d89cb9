//! What counts as an email address, and its normal form [contract 1.6, 4].

use crate::api::limits;

/// The form that is stored and looked up: lower case, nothing else changed. Equal forms mean the same mailbox, so no
/// character outside ASCII may become ASCII: the Kelvin sign in `mi\u{212A}e@…` is not `k`.
pub fn normalise(email: &str) -> String {
    let becomes_ascii =
        |letter: char| !letter.is_ascii() && letter.to_lowercase().any(|lower| lower.is_ascii());
    if email.contains(becomes_ascii) { email.to_ascii_lowercase() } else { email.to_lowercase() }
}

/// Better Auth's rule: dot-separated atoms, `@`, labels, and a last label of two letters or more; ASCII only, and
/// within the length that mail servers accept.
pub fn is_valid(email: &str) -> bool {
    let parts = email.split_once('@').filter(|_| limits::USER_EMAIL.fits(email));
    parts.is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'\'' | b'+' | b'-'))
    };
    local.split('.').all(is_atom) && !local.ends_with('\'')
}

fn is_domain(domain: &str) -> bool {
    let Some((labels, last)) = domain.rsplit_once('.') else {
        return false;
    };
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    labels.split('.').all(is_label)
        && 2 <= last.len()
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling_and_shares_it_with_no_other_mailbox() {
        for (email, expected) in [
            ("ADA@Example.COM", "ada@example.com"),
            ("Jürgen@MÜNCHEN.example", "jürgen@münchen.example"),
            ("ΟΔΟΣ@example.com", "οδος@example.com"),
            ("MI\u{212A}E@Kelvin.com", "mi\u{212A}e@kelvin.com"),
            ("Mike@\u{212A}elvin.com", "mike@\u{212A}elvin.com"),
            ("\u{130}da@Example.com", "\u{130}da@example.com"),
        ] {
            assert_eq!(normalise(email), expected, "{email}");
            assert_eq!(normalise(expected), expected, "{email}");
        }
        for letter in '\u{80}'..=char::MAX {
            let normalised = normalise(&format!("{letter}@b.co"));
            let is_the_only_one =
                normalised.trim_end_matches("@b.co").chars().all(|c| !c.is_ascii());
            assert!(is_the_only_one, "U+{:04X} becomes {normalised}", u32::from(letter));
        }
    }

    #[test]
    fn what_better_auth_accepts_is_accepted() {
        for email in ["a.b+c@d-e.co", "o'x@b.co", "ADA@Example.COM", "a@b.c.org", "-a@b.co"] {
            assert!(is_valid(email), "{email}");
        }
    }

    #[test]
    fn what_better_auth_refuses_is_refused() {
        let refused = [
            "",
            "a",
            "@",
            "a@b",
            "a@b.c",
            "\"a\"@b.co",
            "a!b@c.co",
            "ä@b.co",
            "a@ä.co",
            " a@b.co",
            "a@b.co ",
            "a@b_c.co",
            "a@127.0.0.1",
            "a..b@c.co",
            ".a@b.co",
            "a.@b.co",
            "a'@b.co",
            "a@-b.co",
            "a@b..co",
            "a@b.c0",
            "a@b@c.co",
            "a@b.co\0",
        ];
        for email in refused {
            assert!(!is_valid(email), "{email}");
        }
        let of_length = |bytes: usize| format!("{}@b.co", "x".repeat(bytes - 5));
        assert!(is_valid(&of_length(254)) && !is_valid(&of_length(255)));
    }
}
