//! The parameters of a URL.

use percent_encoding::percent_decode_str;

use crate::config::file::nearest;

/// A name that is longer than this is none.
const NAME_BYTES_MAX: usize = 40;

/// A parameter with its decoded value.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) value: String,
    /// The name and the value as they stand in the URL.
    pub(super) pair: &'a str,
    /// Whether the name may be shown. If a password contains a question mark, all after it looks
    /// like parameters.
    is_shown: bool,
}

impl Parameter<'_> {
    /// Why a parameter that nobody knows is refused. Ignored, a misspelt `sslmode` would leave a
    /// connection unprotected. `advice` is about question marks in other places.
    pub(super) fn unknown(&self, known: &[&str], advice: &str) -> String {
        if !self.is_shown {
            return format!("contains a ? that does not start parameters; {advice}");
        }
        let advice = match nearest(self.name, known) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it if it is for another program".to_owned(),
        };
        format!("contains the unknown parameter {}; {advice}", self.name)
    }
}

/// Parses a query.
pub(super) fn parse(query: &str) -> Result<Vec<Parameter<'_>>, String> {
    let mut all: Vec<Parameter<'_>> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
        let is_shown = !query.contains('@') && !raw.is_empty() && is_name(name);
        let shown = if is_shown { name } else { "a parameter" };
        if all.iter().any(|known| known.name == name) {
            return Err(format!("contains {shown} twice"));
        }
        let value = percent_decode_str(raw).decode_utf8().ok().filter(|text| !text.contains('\0'));
        let Some(value) = value else {
            return Err(format!("contains {shown} with a value that is no text"));
        };
        all.push(Parameter { name, value: value.into_owned(), pair, is_shown });
    }
    Ok(all)
}

fn is_name(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && text.bytes().all(is_of_name)
}

/// A warning about parameters without effect, if there are any.
pub(super) fn warning(ignored: &[String]) -> Option<String> {
    let noun = if ignored.len() == 1 { "parameter" } else { "parameters" };
    let names = ignored.join(", ");
    (!ignored.is_empty())
        .then(|| format!("database.url: ignores the {noun} {names}, without effect on this server"))
}
