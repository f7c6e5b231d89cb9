//! `/sign-out` [contract 8.6].

use http::HeaderValue;
use http::header::LOCATION;
use serde::Serialize;
use url::Url;

use crate::api::linked;
use crate::api::sessions;
use crate::crypto::Secret;
use crate::endpoints::social::find;
use crate::error::AuthError;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::reply::Done;
use crate::models::linked_account::LinkedAccount;
use crate::oauth::configured::Configured;

const SIGN_OUT: Body = Body::Optional(Form::Object(&[
    Member::optional("callbackURL", Form::Text),
    Member::optional("disableRedirect", Form::Flag),
    Member::optional("state", Form::Text),
]));

const SIGNED_OUT: Form = Form::Object(&[
    Member::required("success", Form::Always(true)),
    // Where to continue, to sign out at a provider as well.
    Member::optional("url", Form::Text),
    Member::optional("redirect", Form::Flag),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::post("/sign-out", sign_out)
    .summary("Sign out: revoke the current session")
    .body(SIGN_OUT)
    .answers(&[Answer::json(&SIGNED_OUT)])];

#[derive(Serialize)]
struct SignedOut<'a> {
    success: bool,
    url: &'a str,
    redirect: bool,
}

/// Succeeds without a session as well.
fn sign_out(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let mut ways_in = Vec::new();
    if let Some(token) = cx.session_token()? {
        ways_in = ways_out(cx, &token)?;
        sessions::revoke(cx.instance(), &token, &cx.caller())?;
    }
    cx.clear_session_cookies();
    let Some(url) = ways_in.iter().find_map(|linked| end_session(cx, linked)) else {
        return Reply::json(&Done::SUCCESS);
    };
    let redirect = cx.input.flag("disableRedirect") != Some(true);
    let reply = Reply::json(&SignedOut { success: true, url: &url, redirect })?;
    match HeaderValue::from_str(&url) {
        Ok(location) if redirect => Ok(reply.with_header(LOCATION, location)),
        _ => Ok(reply),
    }
}

/// The session's user's accounts at providers that support sign-out, the last used first.
fn ways_out(cx: &Context<'_>, token: &str) -> Result<Vec<LinkedAccount>, AuthError> {
    let generic = &cx.instance().config().generic_oauth;
    let providers: Vec<&str> = generic
        .iter()
        .filter(|generic| !generic.disable_provider_logout)
        .map(|generic| generic.provider_id.as_str())
        .collect();
    if providers.is_empty() {
        return Ok(Vec::new());
    }
    let Some((found, _)) = sessions::peek(cx.instance(), token)? else {
        return Ok(Vec::new());
    };
    linked::list(cx.instance(), &found.user.id, &providers)
}

/// The sign-out URL of a provider [OpenID Connect RP-Initiated Logout 1.0].
fn end_session(cx: &Context<'_>, linked: &LinkedAccount) -> Option<String> {
    let Configured { generic, options, .. } = find(cx, &linked.provider_id)?;
    let generic = generic?;
    let mut url = Url::parse(&generic.end_session?).ok()?;
    let base = Url::parse(&cx.base_url()).ok()?;
    let asked = cx.input.text("callbackURL").filter(|place| !place.is_empty());
    let place = asked.or(generic.options.post_logout_redirect_uri.as_deref());
    let place = place.and_then(|place| base.join(place).ok());
    let client_id = options.client_id.as_ref().map_or("", |id| id.primary());
    let token = linked.tokens.id_token.as_ref().map(Secret::expose);
    let mut query = url.query_pairs_mut();
    if let Some(token) = token {
        query.append_pair("id_token_hint", token);
    }
    if let Some(place) = &place {
        query.append_pair("post_logout_redirect_uri", place.as_str());
    }
    if place.is_some() || token.is_none() {
        query.append_pair("client_id", client_id);
    }
    if let Some(state) = cx.input.text("state").filter(|state| place.is_some() && !state.is_empty())
    {
        query.append_pair("state", state);
    }
    drop(query);
    Some(url.into())
}
