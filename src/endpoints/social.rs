//! `/sign-in/social` and `/link-social`: people are sent to a provider [contract 8.4, 8.14].

use http::HeaderValue;
use http::header::LOCATION;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::oauth_state::Link;
use crate::api::oauth_state::OauthState;
use crate::config::ProviderOptions;
use crate::config::StateStrategy;
use crate::endpoints::social_token;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Guard;
use crate::http::Reply;
use crate::http::input::Kind;
use crate::oauth::Provider;
use crate::oauth::authorize;
use crate::oauth::authorize::Ask;
use crate::oauth::authorize::RESERVED;
use crate::oauth::providers;

const SIGN_IN: Body = Body::Required(&[
    Field::required("provider", Kind::Name),
    Field::optional("callbackURL", Kind::Text),
    Field::optional("newUserCallbackURL", Kind::Text),
    Field::optional("errorCallbackURL", Kind::Text),
    Field::optional("disableRedirect", Kind::Flag),
    Field::optional("idToken", Kind::Object),
    Field::optional("scopes", Kind::Texts),
    Field::optional("requestSignUp", Kind::Flag),
    Field::optional("loginHint", Kind::Text),
    Field::optional("additionalParams", Kind::TextMap),
    Field::optional("additionalData", Kind::Record),
]);
const LINK: Body = Body::Required(&[
    Field::optional("callbackURL", Kind::Text),
    Field::required("provider", Kind::Name),
    Field::optional("idToken", Kind::Object),
    Field::optional("requestSignUp", Kind::Flag),
    Field::optional("scopes", Kind::Texts),
    Field::optional("loginHint", Kind::Text),
    Field::optional("errorCallbackURL", Kind::Text),
    Field::optional("disableRedirect", Kind::Flag),
    Field::optional("additionalParams", Kind::TextMap),
    Field::optional("additionalData", Kind::Record),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/sign-in/social", sign_in)
        .summary("Where to send a person who signs in by a provider")
        .body(SIGN_IN),
    Endpoint::post("/link-social", link)
        .summary("Where to send the current user who adds a provider as a way in")
        .guard(Guard::Sensitive)
        .body(LINK),
];

#[derive(Serialize)]
struct Redirect<'a> {
    url: &'a str,
    redirect: bool,
}

/// A configured provider and its options.
pub(super) fn find<'a>(
    cx: &Context<'a>,
    id: &str,
) -> Option<(&'static Provider, &'a ProviderOptions)> {
    let options = cx.instance().config().social_providers.get(id)?;
    let provider = providers::find(id)?;
    (options.enabled != Some(false)).then_some((provider, options))
}

/// Where the provider sends people back to.
pub(super) fn redirect_uri(cx: &Context<'_>, provider: &Provider) -> String {
    format!("{}/callback/{}", cx.base_url(), provider.id)
}

fn sign_in(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    send(cx, None)
}

fn link(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let link = Link::of(cx.instance(), cx.signed_in()?)?;
    send(cx, Some(link))
}

fn send(cx: &mut Context<'_>, link: Option<Link>) -> Result<Reply, AuthError> {
    let additional = additional(cx)?;
    let id = cx.input.text("provider").unwrap_or_default();
    let Some((provider, options)) = find(cx, id) else {
        return Err(codes::PROVIDER_NOT_FOUND.into());
    };
    if cx.input.has("idToken") {
        let given = cx.input.object("idToken");
        return match &link {
            None => social_token::sign_in(cx, provider, options, &given),
            Some(asked) => social_token::link(cx, provider, options, &given, asked),
        };
    }
    let place =
        |field: &str| cx.input.text(field).filter(|place| !place.is_empty()).map(str::to_owned);
    let callback = place("callbackURL").unwrap_or_else(|| cx.origin().unwrap_or_default().into());
    let now = cx.instance().database().clock().now();
    let state = OauthState {
        error_url: place("errorCallbackURL"),
        new_user_url: place("newUserCallbackURL"),
        request_sign_up: cx.input.flag("requestSignUp"),
        link,
        ..OauthState::new(callback, now)
    };
    let redirect_uri = redirect_uri(cx, provider);
    let ask = Ask {
        state: &state.oauth_state,
        code_verifier: &state.code_verifier,
        redirect_uri: &redirect_uri,
        scopes: &cx.input.texts("scopes"),
        login_hint: cx.input.text("loginHint"),
        additional: &additional,
    };
    let url = authorize::url(provider, options, &ask)?;
    keep(cx, &state, &cx.input.object("additionalData"))?;
    let redirect = !cx.input.flag("disableRedirect").unwrap_or(false);
    let reply = Reply::json(&Redirect { url: &url, redirect })?;
    match HeaderValue::from_str(&url) {
        Ok(location) if redirect => Ok(reply.with_header(LOCATION, location)),
        _ => Ok(reply),
    }
}

fn keep(
    cx: &mut Context<'_>,
    state: &OauthState,
    additional: &Map<String, Value>,
) -> Result<(), AuthError> {
    match cx.instance().config().account.store_state_strategy {
        StateStrategy::Database => {
            cx.set_state_cookie(&state.oauth_state)?;
            state.store(cx.instance(), additional)
        }
        StateStrategy::Cookie => {
            let sealed = state.seal(cx.instance(), additional)?;
            cx.set_sealed_state(&sealed);
            Ok(())
        }
    }
}

/// Parameters that the request adds to the provider's URL; some are not a request's to set.
fn additional(cx: &Context<'_>) -> Result<IndexMap<String, String>, AuthError> {
    let given = cx.input.object("additionalParams");
    if given.keys().any(|name| RESERVED.contains(&name.as_str())) {
        let message = format!(
            "[body.additionalParams] additionalParams cannot include reserved OAuth parameters: {}",
            RESERVED.join(", ")
        );
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    let texts = given.into_iter().filter_map(|(name, value)| match value {
        Value::String(value) => Some((name, value)),
        _ => None,
    });
    Ok(texts.collect())
}
