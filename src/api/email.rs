//! Which text is an e-mail address, and its one spelling [contract 1.6, 4].

use crate::api::limits;

/// The spelling that is stored and looked up: lower case, nothing else changed.
pub fn normalise(email: &str) -> String {
    email.to_lowercase()
}

/// Better Auth's rule: dot-separated atoms, `@`, labels, and a last label of two letters or more;
/// ASCII only, and no longer than mail servers take.
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
