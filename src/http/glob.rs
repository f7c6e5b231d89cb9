//! Patterns with wildcards, as `trustedOrigins` and rate-limit rules have them.

/// Whether a text has a wildcard in it.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A glob over the whole text: `*` any run of characters, `?` one, `\` takes the next literally.
/// At most the product of the lengths in steps, so no pattern makes it explode.
pub(super) fn is_match(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry = None;
    while let Some(&character) = text.get(t) {
        let (wanted, width) = match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
                continue;
            }
            Some('\\') => (pattern.get(p + 1), 2),
            wanted => (wanted, 1),
        };
        let is_any = width == 1 && wanted == Some(&'?');
        if is_any || wanted == Some(&character) {
            p += width;
            t += 1;
        } else if let Some((after_star, start)) = retry {
            p = after_star;
            t = start + 1;
            retry = Some((after_star, t));
        } else {
            return false;
        }
    }
    pattern.iter().skip(p).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_anchored_and_can_be_escaped() {
        for (pattern, text, expected) in [
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a\\*c", "a*c", true),
            ("a\\*c", "abc", false),
            ("*a*a*", "xaxax", true),
            ("*", "", true),
        ] {
            assert_eq!(is_match(pattern, text), expected, "{pattern} {text}");
        }
    }
}
