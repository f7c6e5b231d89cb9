//! Errors in the command line.

use std::ffi::OsString;

use clap::error::ContextKind;
use clap::error::ContextValue;
use clap::error::ErrorKind;

use crate::cli::failure::Failure;
use crate::cli::output::When;

/// Global options, parsed before the grammar applies, because they affect its errors too.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EarlyOptions {
    pub(crate) is_json: bool,
    pub(crate) when: When,
}

/// Looks for `--json`, `--output json` and `--color WHEN` in all their spellings.
pub(crate) fn early_options(words: &[OsString]) -> EarlyOptions {
    let mut early_options = EarlyOptions { is_json: false, when: When::Auto };
    let mut before = "";
    for word in words.iter().skip(1).map_while(|word| word.to_str()) {
        match (before, word) {
            (_, "--") => break,
            (_, "--json" | "--output=json" | "-ojson" | "-o=json")
            | ("--output" | "-o", "json") => early_options.is_json = true,
            (_, "--color=never") | ("--color", "never") => early_options.when = When::Never,
            (_, "--color=always") | ("--color", "always") => early_options.when = When::Always,
            _ => {}
        }
        before = word;
    }
    early_options
}

/// Removes an unexpected word from the grammar's error: it may be a password.
pub(crate) fn unsaid(mut error: clap::Error) -> clap::Error {
    let is_word = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => !argument.starts_with('-'),
        _ => false,
    };
    if is_word && error.kind() == ErrorKind::UnknownArgument {
        error.insert(ContextKind::InvalidArg, ContextValue::String("WORD".to_owned()));
    }
    error
}

/// The grammar's error as a failure for programs.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    let is_without_command = matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    );
    if is_without_command {
        return Failure::usage("a command is required");
    }
    let text = error.to_string();
    let message = text.split("\n\n").next().unwrap_or_default();
    let message: Vec<&str> = message.lines().map(str::trim).collect();
    let message = message.join(" ");
    Failure::usage(message.strip_prefix("error: ").unwrap_or(&message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(line: &str) -> (bool, When) {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let EarlyOptions { is_json, when } = early_options(&words);
        (is_json, when)
    }

    #[test]
    fn the_form_of_complaints_is_known_before_the_words_make_sense() {
        assert_eq!(wishes("better-auth nonsense"), (false, When::Auto));
        assert_eq!(wishes("better-auth nonsense --json"), (true, When::Auto));
        assert_eq!(wishes("better-auth -o json --color never x"), (true, When::Never));
        assert_eq!(wishes("better-auth --color=always -ojson x"), (true, When::Always));
        assert_eq!(wishes("better-auth users show -- --json"), (false, When::Auto));
    }
}
