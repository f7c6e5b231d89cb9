//! User information from providers, in one form [contract 10.4, 10.6].

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::config::ProviderOptions;
use crate::fetch::Answer;
use crate::fetch::Fetch;
use crate::oauth::Provider;
use crate::oauth::configured::Configured;
use crate::oauth::provider::UserInfo;
use crate::oauth::tokens::Tokens;

/// A user as a provider describes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The permanent id at the provider.
    pub subject: String,
    /// The display name; may be empty.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the provider has verified the address.
    pub email_verified: bool,
    /// The whole response.
    pub profile: Value,
}

/// Members of untrusted JSON, which may be missing or not an object.
pub(super) trait Json {
    /// A member, or `null`.
    fn at(&self, name: &str) -> &Value;
    /// Sets a member of an object.
    fn set(&mut self, name: &str, value: impl Into<Value>);
}

impl Json for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Self::Null)
    }

    fn set(&mut self, name: &str, value: impl Into<Self>) {
        if let Some(object) = self.as_object_mut() {
            object.insert(name.to_owned(), value.into());
        }
    }
}

/// A request for user information, as the file of a provider sees it.
pub struct Call<'a> {
    pub(super) fetch: &'a Fetch,
    pub(super) provider: &'a Provider,
    pub(super) options: &'a ProviderOptions,
    pub(super) tokens: &'a Tokens,
    /// Whether the ID token has been verified.
    pub(super) verifies: bool,
    /// The form field `user` beside the code; only Apple sends it.
    pub(super) user: Option<&'a Value>,
}

/// Requests the user information. `None` if it is unavailable, or the options do not allow this user.
pub fn find(
    fetch: &Fetch,
    configured: &Configured<'_>,
    tokens: &Tokens,
    user: Option<&Value>,
) -> Option<Identity> {
    let Configured { provider, options, .. } = configured;
    let verifies = configured.verifies();
    let call = Call { fetch, provider, options, tokens, verifies, user };
    let profile = match provider.user_info {
        UserInfo::IdToken => call.claims(),
        UserInfo::Get(url) => call.get(url),
        UserInfo::Post(url) => call.post(url, "", ""),
        UserInfo::Own(find) => find(&call),
    }?;
    identity(configured, profile)
}

fn identity(configured: &Configured<'_>, profile: Value) -> Option<Identity> {
    let provider = configured.provider;
    let rows = &provider.profile;
    let first = |pointers: &[&str]| pointers.iter().find_map(|at| text(profile.pointer(at)?));
    let subject = match configured.own().and_then(|own| own.account_subject.as_ref()) {
        Some(field) => text(profile.at(field))?,
        None => first(rows.subject)?,
    };
    if subject.trim().is_empty() || subject == "undefined" || subject == "null" {
        return None;
    }
    let placeholder =
        || rows.has_placeholder.then(|| format!("{subject}@{}.placeholder.invalid", provider.id));
    let is_verified = |at: &&str| profile.pointer(at).is_some_and(is_true);
    Some(Identity {
        name: first(rows.name).unwrap_or_default(),
        email: first(rows.email).or_else(placeholder),
        image: first(rows.image),
        email_verified: !rows.verified.is_empty() && rows.verified.iter().all(is_verified),
        subject,
        profile,
    })
}

/// The canonical text of a value that is a text or a number, such as an id: `42`, `42.0` and `"42"` are the same.
/// `None` for an empty text, and for a number that may have lost digits when it was parsed: two users could share such
/// an id.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_f64() => number.as_f64().and_then(whole),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An integer that a floating-point number represents exactly.
fn whole(number: f64) -> Option<String> {
    const EXACT_MAX: f64 = 9_007_199_254_740_991.0;
    (number.fract() == 0.0 && number.abs() <= EXACT_MAX).then(|| format!("{number:.0}"))
}

/// `true`, or `"true"` as some providers write it [security 1.5]. No other value verifies an address; the file of a
/// provider handles other forms.
fn is_true(value: &Value) -> bool {
    *value == true || *value == "true"
}

impl Call<'_> {
    /// The claims of the ID token. It came directly from the provider over an encrypted connection, so its signature
    /// need not be checked [OpenID Connect Core 3.1.3.7].
    pub(super) fn claims(&self) -> Option<Value> {
        let token = self.tokens.id_token.as_deref()?;
        let mut parts = token.split('.');
        let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&claims).ok().filter(Value::is_object)
    }

    /// `GET` with the access token.
    pub(super) fn get(&self, url: &str) -> Option<Value> {
        self.get_with(url, &[])
    }

    /// The same for a path below that URL.
    pub(super) fn get_below(&self, url: &str, more: &str) -> Option<Value> {
        self.get(&format!("{}{more}", self.url(url)))
    }

    /// The same with more headers.
    pub(super) fn get_with(&self, url: &str, more: &[(&str, &str)]) -> Option<Value> {
        let authorization = self.authorization()?;
        let mut headers =
            vec![("authorization", authorization.as_str()), ("accept", "application/json")];
        headers.extend(more);
        self.answer(self.fetch.get(&self.url(url), &headers))?.json()
    }

    /// The bytes at a path below a URL.
    pub(super) fn bytes_below(&self, url: &str, more: &str) -> Option<Vec<u8>> {
        let authorization = self.authorization()?;
        let headers = [("authorization", authorization.as_str())];
        let answer = self.fetch.get(&format!("{}{more}", self.url(url)), &headers).ok()?;
        (answer.status == 200).then_some(answer.body)
    }

    /// `GET` without the access token.
    pub(super) fn get_without_token(&self, url: &str) -> Option<Value> {
        let headers = [("accept", "application/json")];
        self.answer(self.fetch.get(&self.url(url), &headers))?.json()
    }

    /// `POST` with the access token.
    pub(super) fn post(&self, url: &str, media_type: &str, body: &str) -> Option<Value> {
        let authorization = self.authorization()?;
        let mut headers =
            vec![("authorization", authorization.as_str()), ("accept", "application/json")];
        if !media_type.is_empty() {
            headers.push(("content-type", media_type));
        }
        self.answer(self.fetch.post(&self.url(url), &headers, body))?.json()
    }

    fn authorization(&self) -> Option<String> {
        self.tokens.access_token.as_ref().map(|token| format!("Bearer {token}"))
    }

    /// The URL with the options filled in; a configured endpoint replaces its host and path.
    fn url(&self, template: &str) -> String {
        let url = self.provider.endpoint(template, self.options);
        let Some(own) =
            self.options.user_info_endpoint.as_ref().filter(|own| !url.starts_with(*own))
        else {
            return url;
        };
        match url.split_once('?') {
            Some((_, query)) => format!("{own}?{query}"),
            None => own.clone(),
        }
    }

    fn answer(&self, answer: Result<Answer, String>) -> Option<Answer> {
        match answer {
            Ok(answer) if (200..300).contains(&answer.status) => Some(answer),
            Ok(answer) => {
                let (provider, status) = (self.provider.id, answer.status);
                tracing::warn!(provider, status, "the provider returned no user information");
                None
            }
            Err(reason) => {
                tracing::warn!(
                    provider = self.provider.id,
                    reason,
                    "the provider could not be reached"
                );
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_verified_by_true_or_its_word_and_nothing_else() {
        for value in [json!(true), json!("true")] {
            assert!(is_true(&value), "{value}");
        }
        for value in [
            json!(1),
            json!(1.0),
            json!("1"),
            json!("True"),
            json!(" true"),
            json!("yes"),
            json!([true]),
            json!({"a": true}),
            json!(false),
            json!(null),
        ] {
            assert!(!is_true(&value), "{value}");
        }
    }
}
