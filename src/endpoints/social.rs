//! `/sign-in/social` and `/link-social`: redirects to a provider [contract 8.4, 8.14].

use http::HeaderValue;
use http::header::LOCATION;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::oauth_state::Link;
use crate::api::oauth_state::OauthState;
use crate::config::StateStrategy;
use crate::crypto::random;
use crate::endpoints::social_token;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;
use crate::oauth::authorize;
use crate::oauth::authorize::AuthorizeRequest;
use crate::oauth::authorize::RESERVED;
use crate::oauth::configured;
use crate::oauth::configured::Configured;

/// The length of a URL that every server should accept [RFC 9110 4.1].
pub(super) const URL_BYTES_MAX: usize = 8000;
/// The length of a cookie that every browser accepts, without name and attributes [RFC 6265 6.1].
const COOKIE_BYTES_MAX: usize = 3800;

/// Tokens that a mobile app obtained itself, for signing in.
const TOKENS: &[Member] = &[
    Member::required("token", Form::Text),
    Member::optional("nonce", Form::Text),
    Member::optional("accessToken", Form::Text),
    Member::optional("refreshToken", Form::Text),
    Member::optional("expiresAt", Form::Number),
    Member::optional(
        "user",
        Form::Object(&[
            Member::optional(
                "name",
                Form::Object(&[
                    Member::optional("firstName", Form::Text),
                    Member::optional("lastName", Form::Text),
                ]),
            ),
            Member::optional("email", Form::Text),
        ]),
    ),
];
/// Tokens for linking an account.
const LINK_TOKENS: &[Member] = &[
    Member::required("token", Form::Text),
    Member::optional("nonce", Form::Text),
    Member::optional("accessToken", Form::Text),
    Member::optional("refreshToken", Form::Text),
];

/// A known or custom provider id; other types get the message `Invalid input`.
const PROVIDER: Form = Form::AnyOf(&[Form::Text]);

const SIGN_IN: Body = Body::object(&[
    Member::required("provider", PROVIDER),
    Member::optional("callbackURL", Form::Text),
    Member::optional("newUserCallbackURL", Form::Text),
    Member::optional("errorCallbackURL", Form::Text),
    Member::optional("disableRedirect", Form::Flag),
    Member::optional("idToken", Form::Object(TOKENS)),
    Member::optional("scopes", Form::List(&Form::Text)),
    Member::optional("requestSignUp", Form::Flag),
    Member::optional("loginHint", Form::Text),
    Member::optional("additionalParams", Form::Map(&Form::Text)),
    Member::optional("additionalData", Form::Record(&[])),
]);
const LINK: Body = Body::object(&[
    Member::optional("callbackURL", Form::Text),
    Member::required("provider", PROVIDER),
    Member::optional("idToken", Form::Object(LINK_TOKENS)),
    Member::optional("requestSignUp", Form::Flag),
    Member::optional("scopes", Form::List(&Form::Text)),
    Member::optional("loginHint", Form::Text),
    Member::optional("errorCallbackURL", Form::Text),
    Member::optional("disableRedirect", Form::Flag),
    Member::optional("additionalParams", Form::Map(&Form::Text)),
    Member::optional("additionalData", Form::Record(&[])),
]);

const SIGN_IN_ANSWER: Form = Form::AnyOf(&[
    Form::Object(&[Member::required("url", Form::Text), Member::required("redirect", Form::Flag)]),
    // With `idToken`.
    Form::SIGNED_IN,
]);
const LINK_ANSWER: Form = Form::Object(&[
    Member::required("url", Form::Text),
    Member::required("redirect", Form::Flag),
    // With `idToken`.
    Member::optional("status", Form::Always(true)),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/sign-in/social", sign_in)
        .summary("Start a sign-in with a provider")
        .body(SIGN_IN)
        .asks_others()
        .effects(&[Effect::BeginsSession])
        .answers(&[Answer::json(&SIGN_IN_ANSWER)])
        .errors(&[
            codes::RATE_LIMIT_EXCEEDED,
            codes::PROVIDER_NOT_FOUND,
            codes::ID_TOKEN_NOT_SUPPORTED,
            codes::INVALID_VERIFICATION_TOKEN,
            codes::NO_USER_INFO,
            codes::USER_EMAIL_NOT_FOUND,
            codes::EMAIL_NOT_VERIFIED,
            codes::OAUTH_LINK_ERROR,
        ]),
    Endpoint::post("/link-social", link)
        .summary("Start linking a provider to the current user")
        .guard(Guard::Sensitive)
        .body(LINK)
        .asks_others()
        .answers(&[Answer::json(&LINK_ANSWER)])
        .errors(&[
            codes::RATE_LIMIT_EXCEEDED,
            codes::PROVIDER_NOT_FOUND,
            codes::ID_TOKEN_NOT_SUPPORTED,
            codes::INVALID_VERIFICATION_TOKEN,
            codes::NO_USER_INFO,
            codes::USER_EMAIL_NOT_FOUND,
            codes::LINKING_NOT_ALLOWED,
            codes::LINKING_DIFFERENT_EMAILS_NOT_ALLOWED,
            codes::SOCIAL_ACCOUNT_ALREADY_LINKED,
        ]),
];

#[derive(Serialize)]
struct Redirect<'a> {
    url: &'a str,
    redirect: bool,
}

/// A configured provider.
pub(super) fn find<'a>(cx: &Context<'a>, id: &str) -> Option<Configured<'a>> {
    let instance = cx.instance();
    let now = instance.database().clock().now().as_millis();
    configured::find(instance.config(), instance.fetch(), id, now)
}

/// The redirect URI for a provider.
pub(super) fn redirect_uri(cx: &Context<'_>, id: &str) -> String {
    format!("{}/callback/{id}", cx.base_url())
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
    let Some(configured) = find(cx, id) else {
        return Err(codes::PROVIDER_NOT_FOUND.into());
    };
    if cx.input.has("idToken") {
        let given = cx.input.object("idToken");
        return match &link {
            None => social_token::sign_in(cx, &configured, &given),
            Some(asked) => social_token::link(cx, &configured, &given, asked),
        };
    }
    let place =
        |field: &str| cx.input.text(field).filter(|place| !place.is_empty()).map(str::to_owned);
    let state = OauthState {
        error_url: place("errorCallbackURL"),
        new_user_url: place("newUserCallbackURL"),
        request_sign_up: cx.input.flag("requestSignUp"),
        link,
        ..new_state(cx, &configured, place("callbackURL"))
    };
    let options = SignInOptions {
        scopes: cx.input.texts("scopes"),
        login_hint: cx.input.text("loginHint").map(str::to_owned),
        parameters: additional,
        data: cx.input.object("additionalData"),
    };
    let url = begin(cx, &configured, &state, &options)?;
    let redirect = !cx.input.flag("disableRedirect").unwrap_or(false);
    let reply = Reply::json(&Redirect { url: &url, redirect })?;
    match HeaderValue::from_str(&url) {
        Ok(location) if redirect => Ok(reply.with_header(LOCATION, location)),
        _ => Ok(reply),
    }
}

/// The options of a sign-in, besides its redirect URLs.
#[derive(Default)]
struct SignInOptions {
    scopes: Vec<String>,
    login_hint: Option<String>,
    parameters: IndexMap<String, String>,
    data: Map<String, Value>,
}

fn new_state(cx: &Context<'_>, configured: &Configured<'_>, place: Option<String>) -> OauthState {
    let callback = place.unwrap_or_else(|| cx.origin().unwrap_or_default().into());
    let now = cx.instance().database().clock().now();
    OauthState {
        id_token_nonce: configured.binds_nonce().then(random::state),
        ..OauthState::new(configured.id, callback, now)
    }
}

/// Starts a sign-in for a user whom the provider sent without a request from this server [contract
/// 10.3].
pub(super) fn begin_unasked(
    cx: &mut Context<'_>,
    configured: &Configured<'_>,
) -> Result<String, AuthError> {
    let state = new_state(cx, configured, None);
    begin(cx, configured, &state, &SignInOptions::default())
}

/// Stores the state; returns the URL of the provider.
fn begin(
    cx: &mut Context<'_>,
    configured: &Configured<'_>,
    state: &OauthState,
    options: &SignInOptions,
) -> Result<String, AuthError> {
    let redirect_uri = redirect_uri(cx, configured.id);
    let ask = AuthorizeRequest {
        state: &state.oauth_state,
        code_verifier: &state.code_verifier,
        redirect_uri: &redirect_uri,
        scopes: &options.scopes,
        nonce: state.id_token_nonce.as_deref(),
        login_hint: options.login_hint.as_deref(),
        additional: &options.parameters,
        own: configured.own(),
    };
    let url = authorize::url(configured.provider, &configured.options, &ask)?;
    if URL_BYTES_MAX < url.len() {
        return Err(too_long("the authorization URL", url.len(), URL_BYTES_MAX));
    }
    keep(cx, state, &options.data)?;
    Ok(url)
}

fn keep(
    cx: &mut Context<'_>,
    state: &OauthState,
    additional: &Map<String, Value>,
) -> Result<(), AuthError> {
    match cx.instance().config().account.store_state_strategy {
        StateStrategy::Database => {
            cx.set_state_cookie(&state.oauth_state)?;
            state.store(cx.instance(), additional, &cx.client())
        }
        StateStrategy::Cookie => {
            let sealed = state.seal(cx.instance(), additional)?;
            if COOKIE_BYTES_MAX < sealed.len() {
                return Err(too_long("the state cookie", sealed.len(), COOKIE_BYTES_MAX));
            }
            cx.set_sealed_state(&sealed);
            Ok(())
        }
    }
}

fn too_long(what: &str, bytes: usize, max: usize) -> AuthError {
    let message = format!("{what} would have {bytes} bytes, and {max} are allowed");
    AuthError::new(codes::VALIDATION_ERROR).with_message(message)
}

/// Additional parameters of the authorization URL; reserved ones are rejected.
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
