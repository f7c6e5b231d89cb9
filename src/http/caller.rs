//! The caller of a request, and the responses to a sign-in.

use http::HeaderValue;
use http::header::LOCATION;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::sessions;
use crate::error::AuthError;
use crate::http::context::Context;
use crate::http::cookies::Cookie;
use crate::http::cookies::SentCookies;
use crate::http::redirect;
use crate::http::reply::Reply;
use crate::instance::Caller;
use crate::instance::proof::Entered;
use crate::instance::proof::Outcome;
use crate::models::SessionWithUser;
use crate::models::User;

/// The JSON response of a sign-in, as opposed to a redirect.
#[derive(Serialize)]
struct SignedIn<'a> {
    redirect: bool,
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    user: &'a User,
}

impl<'a> Context<'a> {
    /// The caller: the user that the guard admitted, or a client without a session. Transactions
    /// check again that the session still exists.
    pub fn caller(&self) -> Caller<'a> {
        let (instance, headers, client) = (self.instance(), self.headers(), self.client());
        let caller = match self.session.clone() {
            None => Caller::client(client),
            Some(SessionWithUser { session, user }) => {
                let impersonator = instance.impersonator(&session).map(str::to_owned);
                Caller::signed_in(client, (user.id, impersonator), move |tx| {
                    sessions::require_live(tx, instance, &session).map(drop)
                })
            }
        };
        caller.with_presented(move |key| {
            let name = Cookie::of_plugin(instance.config(), key).name;
            let sent = SentCookies::read(headers);
            instance.signer().ok()?.open(sent.find(&name)?)
        })
    }

    /// Sets the cookies of a sign-in: those of the new session, or none while a challenge is
    /// pending. Keeps the result for plugins.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn receive(
        &mut self,
        entered: Entered<SessionWithUser>,
        remember: bool,
    ) -> Result<Outcome<SessionWithUser>, AuthError> {
        match &entered.outcome {
            Outcome::Session(found) => self.set_session_cookie(found, remember)?,
            Outcome::Challenge(_) => {
                self.clear_session_cookies();
                if !remember {
                    self.do_not_remember()?;
                }
            }
        }
        for kept in entered.client_values {
            match kept.value {
                Some((value, lifetime)) => self.set_signed_cookie(kept.name, &value, lifetime)?,
                None => self.clear_cookie_of(kept.name),
            }
        }
        Ok(entered.outcome)
    }

    /// Like [`Context::receive`], and builds the response: token, user and redirect URL, or the
    /// challenge.
    ///
    /// # Errors
    /// `CONFIG_INVALID`.
    pub fn signed_in_reply(
        &mut self,
        entered: Entered<SessionWithUser>,
        remember: bool,
    ) -> Result<Reply, AuthError> {
        let outcome = self.receive(entered, remember)?;
        let url = self.input.text("callbackURL");
        let target = url.filter(|url| !url.is_empty());
        let reply = match &outcome {
            Outcome::Session(SessionWithUser { session, user }) => Reply::json(&SignedIn {
                redirect: target.is_some(),
                token: &session.token,
                url,
                user,
            })?,
            Outcome::Challenge(answer) => Reply::json(answer)?,
        };
        Ok(match target.and_then(|target| HeaderValue::from_str(target).ok()) {
            Some(target) => reply.with_header(LOCATION, target),
            None => reply,
        })
    }
}

/// The URL to which a browser is redirected while a challenge is pending. The challenge is part of
/// the query, so it must not contain secrets.
pub fn with_challenge(place: &str, challenge: &Map<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    };
    let values: Vec<String> = challenge.values().map(text).collect();
    let names = challenge.keys().map(String::as_str);
    let parameters: Vec<_> = names.zip(values.iter().map(String::as_str)).collect();
    let place = redirect::without_parameters(place, |name| challenge.contains_key(name));
    redirect::with_parameters(&place, &parameters)
}
