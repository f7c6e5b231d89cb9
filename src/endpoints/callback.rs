//! `/callback/:id`: the redirect back from a provider [contract 8.5, 10.3].

use crate::api::entry::link;
use crate::api::entry::link::LinkProof;
use crate::api::entry::provider;
use crate::api::entry::social;
use crate::api::entry::social::SignedIn;
use crate::api::linked;
use crate::api::oauth_state::OauthState;
use crate::api::oauth_state::Refused;
use crate::config::StateStrategy;
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
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::caller::with_challenge;
use crate::http::endpoint::Effect;
use crate::http::redirect;
use crate::instance::proof::Outcome;

/// The parameters of the callback; others are ignored.
const FIELDS: &[Member] = &[
    Member::optional("code", Form::Text),
    Member::optional("error", Form::Text),
    Member::optional("device_id", Form::Text),
    Member::optional("error_description", Form::Text),
    Member::optional("state", Form::Text),
    Member::optional("user", Form::Text),
    Member::optional("iss", Form::Text),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/callback/:id", come_back)
        .summary("The redirect URI of a provider")
        .query(FIELDS)
        .asks_others()
        .has_effects()
        .effects(&[Effect::BeginsSession])
        .answers(&[Answer::redirect()])
        .errors(&[codes::BAD_REQUEST, codes::RATE_LIMIT_EXCEEDED]),
    Endpoint::post("/callback/:id", send_on)
        .summary("The redirect URI of providers that send a form; redirects to the GET endpoint")
        .query(FIELDS)
        .body(Body::Optional(Form::Object(FIELDS)))
        .takes_foreign_forms()
        .answers(&[Answer::redirect()]),
];

/// Browsers do not send our cookies with a cross-site form, so the request is redirected once.
fn send_on(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for Member { name, .. } in FIELDS {
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
        // A value from the provider does not fit into its column.
        Err(error) if error.is(codes::BAD_REQUEST) => {
            turn_away(cx, place.as_deref(), codes::unable_to_get_user_info.name, None)
        }
        Err(error) => refuse(cx, place.as_deref(), error),
    }
}

/// Where to redirect a user whom the provider sent without a request from this server, if that is
/// allowed. The code is not bound to a browser, so it is ignored and the sign-in is started again.
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

/// Completes the flow and returns the redirect URL.
fn finish(cx: &mut Context<'_>, state: &OauthState) -> Result<String, AuthError> {
    let text = |name: &str| cx.query(name).unwrap_or_default().into_owned();
    let answer = provider::Answer {
        code: text("code"),
        issuer: text("iss"),
        device_id: cx.query("device_id").map(std::borrow::Cow::into_owned),
        user: cx.query("user").and_then(|user| serde_json::from_str(&user).ok()),
        redirect_uri: redirect_uri(cx, cx.parameter("id")),
    };
    if answer.code.is_empty() {
        return Err(codes::no_code.into());
    }
    let Some(configured) = find(cx, cx.parameter("id")) else {
        return Err(codes::oauth_provider_not_found.into());
    };
    let external = provider::by_code(cx.instance(), &configured, state, &answer)?;
    let callback = state.callback_url.clone();
    if let Some(asked) = &state.link {
        link::link(cx.instance(), asked, &external, LinkProof::ByRedirect, &cx.caller())?;
        return Ok(callback);
    }
    let link = cx.link_to(Some(callback.clone()));
    let signed_in = social::sign_in(cx.instance(), &external, &link, &cx.caller())?;
    let SignedIn { entered, user_id, is_new } = signed_in;
    if let Outcome::Challenge(challenge) = cx.receive(entered, true)? {
        return Ok(with_challenge(&callback, &challenge));
    }
    carry(cx, (&external.provider_id, &external.account_id), &user_id)?;
    let for_new = state.new_user_url.clone().filter(|_| is_new);
    Ok(for_new.unwrap_or(callback))
}

/// Sets the account cookie for this account, if it is enabled.
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

fn refuse(cx: &Context<'_>, place: Option<&str>, error: AuthError) -> Result<Reply, AuthError> {
    if error.code().is_of_redirect {
        return turn_away(cx, place, error.code().name, None);
    }
    // The user may not sign in, and is told by the page that began it, as in Better Auth.
    if error.code().status == 403 {
        return turn_away(cx, place, error.code().name, Some(error.message()));
    }
    // An error outside this flow: the database or the configuration.
    Err(error)
}

/// Redirects to the error URL of the request, with the error code.
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
