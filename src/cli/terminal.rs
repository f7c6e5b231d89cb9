//! Terminal output: colours, and escaping of control characters.

use std::borrow::Cow;

/// Colours, which are never the only information.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Colour {
    Red,
    Green,
    Yellow,
    Cyan,
}

/// Text in a colour, or plain.
pub(crate) fn paint(text: &str, colour: Colour, is_on: bool) -> Cow<'_, str> {
    let code = match colour {
        Colour::Red => 31,
        Colour::Green => 32,
        Colour::Yellow => 33,
        Colour::Cyan => 36,
    };
    if is_on { Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m")) } else { Cow::Borrowed(text) }
}

/// Escapes control characters and those that change the text direction: names are user input.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_trick) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_trick(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Escapes the same characters in JSON, whose own escapes preserve the values. The writer has
/// escaped the control characters that JSON forbids; terminals interpret others too.
pub(crate) fn harmless_json(text: &str) -> Cow<'_, str> {
    // There are only line ends and blanks between values.
    let is_trick = |character: char| character != '\n' && is_trick(character);
    if !text.contains(is_trick) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_trick(character) {
            // All of them are one UTF-16 unit.
            let escape = format!("\\u{:04x}", u32::from(character));
            escaped.push_str(&escape);
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn is_trick(character: char) -> bool {
    let turns = matches!(character,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(harmless("Ada L\u{f6}velace"), "Ada L\u{f6}velace");
        assert_eq!(harmless("a\x1b[2Jb\nc"), "a\\u{1b}[2Jb\\u{a}c");
        assert_eq!(harmless("\u{202e}txt.exe"), "\\u{202e}txt.exe");
    }

    #[test]
    fn json_shows_what_a_terminal_would_obey_and_keeps_its_values() {
        let value = serde_json::json!({"name": "a\x1b[2J\u{9b}2J\u{7f}\u{202e}b\n\u{f6}"});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let shown = harmless_json(&text);
        assert!(shown.contains("\\u001b[2J\\u009b2J\\u007f\\u202eb\\n\u{f6}"), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn colours_can_be_left_out() {
        assert_eq!(paint("x", Colour::Red, false), "x");
        assert_eq!(paint("x", Colour::Red, true), "\x1b[31mx\x1b[0m");
    }
}
