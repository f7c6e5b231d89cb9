//! `/callback/:id`: people come back from a provider [contract 8.5, 10.3].

use serde_json::Value;

use crate::api::entry::social;
use crate::api::entry::social::Shown;
use crate::api::entry::social::Terms;
use crate::api::entry::social::Vouched;
use crate::api::linked;
use crate::api::oauth_state::OauthState;
use crate::api::oauth_state::Refused;
use crate::config::StateStrategy;
use crate::crypto::Secret;
use crate::endpoints::social::URL_BYTES_MAX;
use crate::endpoints::social::begin_unasked;
use crate::endpoints::social::find;
use crate::endpoints::social::redirect_uri;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Reply;
use crate::http::endpoint::Deed;
use crate::http::input::Kind;
use crate::http::redirect;
use crate::models::linked_account::StoredTokens;
use crate::oauth::configured::Configured;
use crate::oauth::id_token;
use crate::oauth::identity;
use crate::oauth::identity::Identity;
use crate::oauth::tokens;
use crate::oauth::tokens::Code;
use crate::oauth::tokens::Tokens;

/// What comes back; everything else is dropped.
const FIELDS: &[Field] = &[
    Field::optional("code", Kind::Text),
    Field::optional("error", Kind::Text),
    Field::optional("device_id", Kind::Text),
    Field::optional("error_description", Kind::Text),
    Field::optional("state", Kind::Text),
    Field::optional("user", Kind::Text),
    Field::optional("iss", Kind::Text),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/callback/:id", come_back)
        .summary("Where a provider sends people back to")
        .query(FIELDS)
        .asks_others()
        .has_effects()
        .deeds(&[Deed::BeginsSession])
        .answers(&[Answer::redirect()])
        .errors(&[codes::BAD_REQUEST, codes::RATE_LIMIT_EXCEEDED]),
    Endpoint::post("/callback/:id", send_on)
        .summary("The same for providers that send a form; leads on to the other")
        .query(FIELDS)
        .body(Body::Optional(FIELDS))
        .takes_foreign_forms()
        .answers(&[Answer::redirect()]),
];

/// The browser's own cookies do not come with a form of another site: it is sent once more.
fn send_on(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for Field { name, .. } in FIELDS {
        let in_body = cx.input.text(name).map(str::to_owned);
        if let Some(value) = cx.query(name).map(Into::into).or(in_body) {
            query.append_pair(name, &value);
        }
    }
    let id = cx.parameter("id");
    let place = format!("{}/callback/{id}?{}", cx.base_url(), query.finish());
    if URL_BYTES_MAX < place.len() {
        return turn_away(cx, None, codes::invalid_callback_request.name, None);
    }
    Reply::redirect(&place)
}

fn come_back(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    if let Some(url) = unasked(cx)? {
        return Reply::redirect(&url);
    }
    let Some(state) = cx.query("state").filter(|state| !state.is_empty()) else {
        return turn_away(cx, None, codes::state_not_found.name, None);
    };
    let state = state.into_owned();
    let state = match take(cx, &state) {
        Ok(state) => state,
        Err(Refused { error, place }) => return refuse(cx, place.as_deref(), error),
    };
    let place = state.error_url.clone();
    if let Some(error) = cx.query("error").filter(|error| !error.is_empty()) {
        let description = cx.query("error_description").map(std::borrow::Cow::into_owned);
        return turn_away(cx, place.as_deref(), &error, description.as_deref());
    }
    match finish(cx, &state) {
        Ok(to) => Reply::redirect(&to),
        // What the provider says is what no column holds.
        Err(error) if error.is(codes::BAD_REQUEST) => {
            turn_away(cx, place.as_deref(), codes::unable_to_get_user_info.name, None)
        }
        Err(error) => refuse(cx, place.as_deref(), error),
    }
}

/// Where to send somebody whom a provider sent here unasked, if it may: the code that they bring is bound to no
/// browser, so it counts for nothing and they are sent to get another.
fn unasked(cx: &mut Context<'_>) -> Result<Option<String>, AuthError> {
    if cx.query("state").is_some() || cx.query("code").is_none_or(|code| code.is_empty()) {
        return Ok(None);
    }
    let id = cx.parameter("id");
    let configured =
        find(cx, id).filter(|found| found.own().is_some_and(|own| own.allow_idp_initiated));
    configured.map(|configured| begin_unasked(cx, &configured)).transpose()
}

fn take(cx: &mut Context<'_>, state: &str) -> Result<OauthState, Refused> {
    let account = &cx.instance().config().account;
    let came_back = (state, cx.parameter("id"));
    if account.store_state_strategy == StateStrategy::Cookie {
        let found = OauthState::open(cx.instance(), came_back, cx.sealed_state())?;
        cx.clear_sealed_state();
        return Ok(found);
    }
    let cookie = cx.state_cookie()?;
    let checks_cookie = !account.skip_state_cookie_check;
    let found = OauthState::take(cx.instance(), came_back, cookie.as_deref(), checks_cookie)?;
    cx.clear_state_cookie();
    Ok(found)
}

/// Answers where the person goes.
fn finish(cx: &mut Context<'_>, state: &OauthState) -> Result<String, AuthError> {
    let Some(code) = cx.query("code").filter(|code| !code.is_empty()) else {
        return Err(codes::no_code.into());
    };
    let code = code.into_owned();
    let id = cx.parameter("id");
    let Some(configured) = find(cx, id) else {
        return Err(codes::oauth_provider_not_found.into());
    };
    let (identity, tokens) = ask(cx, &configured, state, &code)?;
    let vouched = vouched(&configured, state, identity, &tokens);
    let callback = state.callback_url.clone();
    if let Some(asked) = &state.link {
        social::link(cx.instance(), asked, &vouched, Shown::ByRedirect)?;
        return Ok(callback);
    }
    let link = cx.link_to(Some(callback.clone()));
    let signed_in = social::sign_in(cx.instance(), &vouched, &link, &cx.client())?;
    carry(cx, (&vouched.provider_id, &vouched.account_id), &signed_in.found.user.id)?;
    cx.set_session_cookie(&signed_in.found, true)?;
    let for_new = state.new_user_url.clone().filter(|_| signed_in.is_new);
    Ok(for_new.unwrap_or(callback))
}

/// Hands the browser the account with this id at this provider, where the configuration wants that.
pub(super) fn carry(
    cx: &mut Context<'_>,
    key: (&str, &str),
    user_id: &str,
) -> Result<(), AuthError> {
    if !cx.instance().config().account.store_account_cookie {
        return Ok(());
    }
    match linked::whole(cx.instance(), key, user_id)? {
        Some(account) => cx.set_account_cookie(&account),
        None => Ok(()),
    }
}

fn ask(
    cx: &Context<'_>,
    configured: &Configured<'_>,
    state: &OauthState,
    code: &str,
) -> Result<(Identity, Tokens), AuthError> {
    let Configured { id, options, .. } = configured;
    let issuer = cx.query("iss");
    let own = options.issuer.as_deref().filter(|_| configured.generic.is_some());
    if let (Some(own), Some(issuer)) = (own, issuer.filter(|issuer| !issuer.is_empty()))
        && issuer != own
    {
        return Err(codes::issuer_mismatch.into());
    }
    if configured.binds_nonce() && state.id_token_nonce.is_none() {
        return Err(codes::nonce_binding_missing.into());
    }
    let fetch = cx.instance().fetch();
    let now = cx.instance().database().clock().now();
    let device_id = cx.query("device_id");
    let redirect_uri = redirect_uri(cx, id);
    let code = Code {
        code,
        verifier: &state.code_verifier,
        device_id: device_id.as_deref(),
        redirect_uri: &redirect_uri,
    };
    let tokens = tokens::exchange(fetch, configured, &code, now).map_err(|reason| {
        tracing::warn!(provider = id, reason, "the provider does not take the code");
        AuthError::new(codes::invalid_code)
    })?;
    let nonce = state.id_token_nonce.as_deref();
    let is_ours = match tokens.id_token.as_deref() {
        Some(token) if configured.verifies() => {
            id_token::is_valid(fetch, configured, (token, nonce), now)
        }
        Some(_) => true,
        None => !configured.own().is_some_and(|own| own.require_id_token_verification),
    };
    if !is_ours {
        tracing::warn!(provider = id, "the token is none, or not for this sign-in");
        return Err(codes::unable_to_get_user_info.into());
    }
    let user: Option<Value> = cx.query("user").and_then(|user| serde_json::from_str(&user).ok());
    let identity = identity::find(fetch, configured, &tokens, user.as_ref());
    let identity = identity.ok_or_else(|| AuthError::new(codes::unable_to_get_user_info))?;
    Ok((identity, tokens))
}

fn vouched(
    configured: &Configured<'_>,
    state: &OauthState,
    identity: Identity,
    tokens: &Tokens,
) -> Vouched {
    let Configured { id, options, .. } = configured;
    let asks_for_new = state.request_sign_up == Some(true);
    Vouched {
        provider_id: (*id).to_owned(),
        account_id: identity.subject,
        name: identity.name,
        email: identity.email,
        image: identity.image,
        email_verified: identity.email_verified,
        tokens: stored(tokens),
        terms: Terms {
            is_sign_up_disabled: options.disable_sign_up
                || (options.disable_implicit_sign_up && !asks_for_new),
            overrides_user_info: options.override_user_info_on_sign_in,
            requires_verified_email: options.require_email_verification,
        },
    }
}

/// Tokens as rows keep them.
pub(super) fn stored(tokens: &Tokens) -> StoredTokens {
    let secret = |token: &Option<String>| token.clone().map(Secret::new);
    StoredTokens {
        access_token: secret(&tokens.access_token),
        refresh_token: secret(&tokens.refresh_token),
        id_token: secret(&tokens.id_token),
        access_token_expires_at: tokens.access_token_expires_at,
        refresh_token_expires_at: tokens.refresh_token_expires_at,
        scope: (!tokens.scopes.is_empty()).then(|| tokens.scopes.join(",")),
    }
}

fn refuse(cx: &Context<'_>, place: Option<&str>, error: AuthError) -> Result<Reply, AuthError> {
    let code = error.code().name;
    if code.bytes().any(|byte| byte.is_ascii_uppercase()) {
        // Nothing of this flow: the database, the configuration.
        return Err(error);
    }
    turn_away(cx, place, code, None)
}

/// Sends a person to where the request wanted them to go if it fails, with the reason.
fn turn_away(
    cx: &Context<'_>,
    place: Option<&str>,
    code: &str,
    description: Option<&str>,
) -> Result<Reply, AuthError> {
    let error_url = cx.instance().config().on_api_error.error_url.clone();
    let place = place.map(str::to_owned).or(error_url);
    let place = place.unwrap_or_else(|| format!("{}/error", cx.base_url()));
    let mut parameters = vec![("error", code)];
    parameters.extend(description.map(|text| ("error_description", text)));
    Reply::redirect(&redirect::with_parameters(&place, &parameters))
}
