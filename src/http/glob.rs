//! Patterns with wildcards, for `trustedOrigins` and rate limit rules.

/// Whether a text contains a wildcard.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A part of a pattern.
enum Part {
    /// This character.
    Literal(char),
    /// `?`: one character other than a separator.
    One,
    /// `*`: any number of characters other than separators.
    Run,
    /// At least this many separators between two segments.
    Separators(usize),
    /// `**` as a segment between others: any number of segments with their separators.
    Segments,
    /// `**` at the end: anything.
    Anything,
}

/// Matches the whole text as Better Auth does: `*` is any number of characters and `?` one, except
/// slashes; `**` between slashes is any number of segments; `\` makes the next character literal.
/// The cost is at most the product of the lengths for every pattern.
pub(super) fn is_match(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Whether the parts so far match the text up to each position.
    let mut fits = vec![false; text.len() + 1];
    if let Some(first) = fits.first_mut() {
        *first = true;
    }
    for part in parts(pattern) {
        fits = part.after(&fits, &text);
    }
    fits.last() == Some(&true)
}

/// Whether a glob matches an origin or a host. A path in the pattern never matches: the `/**` of
/// `https://app.example.com/**` would also match `https://app.example.com.evil.com`.
pub(super) fn is_host_match(pattern: &str, text: &str) -> bool {
    let host_begins = pattern.find("://").map_or(0, |at| at + "://".len());
    let path_begins = pattern.match_indices('/').map(|(at, _)| at).find(|at| host_begins <= *at);
    let without_path = path_begins.and_then(|at| pattern.get(..at)).unwrap_or(pattern);
    is_match(pattern, text) && is_match(without_path, text)
}

impl Part {
    fn after(&self, fits: &[bool], text: &[char]) -> Vec<bool> {
        let mut next = Vec::with_capacity(fits.len());
        // The number of consecutive separators that end here and could belong to this part.
        let mut run: Option<usize> = None;
        for (at, fit) in fits.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| Some((*text.get(at)?, *fits.get(at)?)));
            let was_next = next.last() == Some(&true);
            next.push(match (self, before) {
                (Self::Literal(literal), Some((character, fit))) => fit && character == *literal,
                (Self::One, Some((character, fit))) => fit && !is_separator(character),
                (Self::Literal(_) | Self::One, None) => false,
                (Self::Run, before) => {
                    *fit || (was_next && before.is_some_and(|(before, _)| !is_separator(before)))
                }
                (Self::Anything, _) => *fit || was_next,
                (Self::Segments, before) => {
                    let is_end = before.is_some_and(|(before, _)| is_separator(before));
                    let has_begun = run.is_some();
                    run = run.or(fit.then_some(0));
                    *fit || (has_begun && is_end)
                }
                (Self::Separators(min), before) => {
                    let is_more = before.is_some_and(|(before, _)| is_separator(before));
                    run = run.filter(|_| is_more).map(|length| length + 1);
                    run = run.max(fit.then_some(0));
                    run.is_some_and(|length| *min <= length)
                }
            });
        }
        next
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, '/' | '\\')
}

fn parts(pattern: &str) -> Vec<Part> {
    let segments: Vec<&str> = pattern.split('/').collect();
    let mut parts = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        if segment.is_empty() && 0 < at {
            continue;
        }
        let separators = match segments.get(at + 1) {
            None => Some(Part::Separators(0)),
            Some(&"**") => None,
            Some(_) => Some(Part::Separators(1)),
        };
        if *segment == "**" {
            let is_last = at + 1 == segments.len();
            if let Some(separators) = separators {
                parts.extend((0 < at).then_some(separators));
                parts.push(if is_last { Part::Anything } else { Part::Segments });
            }
            continue;
        }
        let mut characters = segment.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => parts.extend(characters.next().map(Part::Literal)),
                '?' => parts.push(Part::One),
                '*' => parts.push(Part::Run),
                literal => parts.push(Part::Literal(literal)),
            }
        }
        parts.extend(separators);
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A brute-force reference for short texts.
    fn fits(parts: &[Part], text: &[char]) -> bool {
        let Some((part, rest)) = parts.split_first() else {
            return text.is_empty();
        };
        (0..=text.len()).any(|at| {
            let (taken, left) = text.split_at(at);
            let is_fit = match part {
                Part::Literal(literal) => taken == [*literal],
                Part::One => taken.len() == 1 && !is_separator(taken[0]),
                Part::Run => !taken.iter().any(|character| is_separator(*character)),
                Part::Separators(min) => {
                    *min <= at && taken.iter().all(|character| is_separator(*character))
                }
                Part::Segments => taken.last().is_none_or(|last| is_separator(*last)),
                Part::Anything => true,
            };
            is_fit && fits(rest, left)
        })
    }

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
            ("/x/*", "/x/y", true),
            ("/x/*", "/x/y/z", false),
            ("/x/**", "/x/y/z", true),
            ("/**/z", "/x/y/z", true),
            ("/**/z", "/x/y/az", false),
            ("https://*", "https://a.b:1", true),
            ("https://*", "https://a.b/c", false),
        ] {
            assert_eq!(is_match(pattern, text), expected, "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn it_matches_what_trying_everything_matches(pattern in "[a.*?/\\\\]{0,8}", text in "[a./*]{0,8}") {
            let characters: Vec<char> = text.chars().collect();
            prop_assert_eq!(is_match(&pattern, &text), fits(&parts(&pattern), &characters));
        }
    }
}
