//! Quotes outside values in errors without revealing passwords.

use url::Url;

/// Longer values are hidden: they may be keys or tokens.
const LENGTH_MAX: usize = 64;

/// A value in quotes, or a description if it could contain a secret: it is long, or looks like a URL or connection
/// string with a password.
pub fn quoted(text: &str) -> String {
    if is_harmless(text) {
        format!("{text:?}")
    } else {
        "a text that is not repeated here, because it may hold a secret".to_owned()
    }
}

/// Whether a text most likely contains no secret.
pub fn is_harmless(text: &str) -> bool {
    let (_, authority) = text.split_once("://").unwrap_or_default();
    let authority = authority.split('/').next().unwrap_or_default();
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    // In `http://u:PASSWORD`, without a host, the password is in the place of a port.
    let has_port = !authority.contains(':')
        || authority.contains('[')
        || authority.split_once(':').is_some_and(|(_, port)| is_port(port));
    text.chars().count() <= LENGTH_MAX && !text.contains(['@', '=']) && has_port
}

/// A URL without user, password, query and fragment.
pub fn url(text: &str) -> String {
    let Ok(url) = Url::parse(text) else {
        return "a URL that cannot be read".to_owned();
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

/// Only the server of a URL whose path may contain a token.
pub fn server(text: &str) -> String {
    let Ok(url) = Url::parse(text) else {
        return url(text);
    };
    let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    let rest = if has_more { "/…" } else { "/" };
    format!("{}{rest}", url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_repeated_unless_a_secret_can_stand_in_it() {
        for text in
            ["7d", "10.0.0.0/33", "ftp://h", "http://localhost:3000/x", "http://[::1]:1", "äöü"]
        {
            assert_eq!(quoted(text), format!("{text:?}"));
        }
        for text in [
            "http://u:hunter2@h",
            "http://u:hunter2",
            "u:hunter2@h/d",
            "host=h password=hunter2",
            "https://h/?token=hunter2",
            &format!("hunter2{}", "x".repeat(LENGTH_MAX)),
        ] {
            assert!(!quoted(text).contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn of_a_url_with_a_token_in_its_path_the_server_is_shown() {
        for rest in ["/hunter2", "/a/hunter2", "?hunter2", "/?b=hunter2", "#hunter2"] {
            assert_eq!(server(&format!("https://u:p@h:8443{rest}")), "https://h:8443/…");
        }
        assert_eq!(server("https://h"), "https://h/");
        assert!(!server("hunter2").contains("hunter2"));
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        assert_eq!(url("https://u:p@h:8443/a?b=c#d"), "https://h:8443/a");
        assert_eq!(url("https://h"), "https://h/");
        assert!(!url("hunter2").contains("hunter2"));
    }
}
