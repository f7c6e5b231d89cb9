//! Redirect targets: only paths of this server and trusted URLs [contract 6.3].

use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use crate::api::fields::is_truthy;
use crate::api::limits;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::context::Context;

/// The fields of a body that contain a redirect target, and the error of an invalid one.
pub(super) const TARGETS: &[(&str, &str, &ErrorCode)] = &[
    ("callbackURL", "callbackURL", codes::INVALID_CALLBACK_URL),
    ("redirectTo", "redirectURL", codes::INVALID_REDIRECT_URL),
    ("errorCallbackURL", "errorCallbackURL", codes::INVALID_ERROR_CALLBACK_URL),
    ("newUserCallbackURL", "newUserCallbackURL", codes::INVALID_NEW_USER_CALLBACK_URL),
];

/// A base for resolving paths of this server; it is removed from the result.
const HERE: &str = "http://better-auth.invalid";

/// Rejects a body or a query with an untrusted redirect target.
///
/// # Errors
/// The code of the field, `BAD_REQUEST` if the field is not a string, or `VALIDATION_ERROR` if it
/// is too long.
pub fn check(cx: &Context<'_>, body: Option<&Value>) -> Result<(), AuthError> {
    for (field, _, _) in TARGETS {
        if let Some(place) = body.and_then(|body| body.get(field)?.as_str()) {
            limits::PLACE.check(field, place)?;
        }
    }
    if !cx.site().checks_origins(cx.path()) {
        return Ok(());
    }
    for (field, label, code) in TARGETS {
        let in_body = body.and_then(|body| body.get(field)).filter(|value| is_truthy(value));
        let place = match in_body {
            Some(Value::String(text)) => text.as_str().into(),
            Some(_) => return Err(not_text(label)),
            None if *field == "callbackURL" => match cx.query_all(field).as_slice() {
                [place] if !place.is_empty() => place.clone(),
                [] | [_] => continue,
                _ => return Err(not_text(label)),
            },
            None => continue,
        };
        if !cx.site().leads_to(cx.origin().as_deref(), &place) {
            return Err(AuthError::new(code));
        }
    }
    Ok(())
}

fn not_text(label: &str) -> AuthError {
    let message = format!("Invalid {label}: expected a string");
    AuthError::new(codes::BAD_REQUEST).with_message(message)
}

/// Removes some parameters from the query of a URL. Text that is not a URL stays as it is.
pub fn without_parameters(place: &str, is_dropped: impl Fn(&str) -> bool) -> String {
    let Some((path, rest)) = place.split_once('?') else { return place.to_owned() };
    let (query, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let pairs = query.split('&').filter(|pair| {
        let name = form_urlencoded::parse(pair.as_bytes()).next();
        name.is_none_or(|(name, _)| !is_dropped(&name))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let marked = |mark: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("{mark}{text}") }
    };
    format!("{path}{}{}", marked("?", &query), marked("#", fragment))
}

/// Adds parameters to the query of a URL, encoded as browsers do. Text that is not a URL stays as
/// it is.
pub fn with_parameters(place: &str, parameters: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse(HERE).and_then(|here| here.join(place)) else {
        return place.to_owned();
    };
    let more = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let query = match url.query() {
        None | Some("") => more,
        Some(query) => format!("{}&{more}", query.strip_suffix('&').unwrap_or(query)),
    };
    url.set_query(Some(&query));
    let url = String::from(url);
    match url.strip_prefix(HERE) {
        // Without the dot, a path that starts with `//` would name another host.
        Some(path) if path.starts_with("//") => format!("/.{path}"),
        Some(path) => path.to_owned(),
        None => url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_before_the_fragment_of_what_browsers_would_write() {
        let denied: &[(&str, &str)] = &[("error", "access_denied"), ("d", "User said no")];
        for (place, expected) in [
            ("/err?x=1#f", "/err?x=1&error=access_denied&d=User+said+no#f"),
            ("/oops", "/oops?error=access_denied&d=User+said+no"),
            ("/a b/../é?x=%2f&", "/%C3%A9?x=%2f&error=access_denied&d=User+said+no"),
            ("https://A.example.com", "https://a.example.com/?error=access_denied&d=User+said+no"),
            ("myapp:x?y#z", "myapp:x?y&error=access_denied&d=User+said+no#z"),
            ("/.//evil.com", "/.//evil.com?error=access_denied&d=User+said+no"),
            ("https://", "https://"),
        ] {
            assert_eq!(with_parameters(place, denied), expected);
        }
    }
}
