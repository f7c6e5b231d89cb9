//! `/get-access-token`, `/refresh-token`, `/account-info`: calls to a provider on behalf of the
//! user [contract 8.14].

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::api::entry::provider::stored;
use crate::api::linked;
use crate::crypto::Secret;
use crate::database::Timestamp;
use crate::endpoints::callback::carry;
use crate::endpoints::social::find;
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
use crate::models::linked_account::LinkedAccount;
use crate::models::linked_account::StoredTokens;
use crate::oauth::configured::Configured;
use crate::oauth::identity;
use crate::oauth::tokens;
use crate::oauth::tokens::Tokens;

/// A token that expires sooner is refreshed first.
const ALMOST_OVER: Duration = Duration::from_secs(5);
const ACCOUNT_ID: Member = Member::required("accountId", Form::Text);
/// Accepted for compatibility; the user is always that of the session.
const USER_ID: Member = Member::optional("userId", Form::Text);
const ACCOUNT: Body = Body::Required(Form::AnyOf(&[
    Form::Strict(&[ACCOUNT_ID, USER_ID]),
    Form::Strict(&[Member::required("useAccountCookie", Form::Always(true)), USER_ID]),
]));
const TEXT_OR_NULL: Form = Form::OrNull(&Form::Text);
const VALID: Form = Form::Object(&[
    Member::required("accessToken", Form::Text),
    Member::optional("accessTokenExpiresAt", Form::Time),
    Member::required("scopes", Form::List(&Form::Text)),
    Member::optional("idToken", Form::Text),
]);
const REFRESHED: Form = Form::Object(&[
    Member::required("accessToken", TEXT_OR_NULL),
    Member::required("refreshToken", TEXT_OR_NULL),
    Member::optional("accessTokenExpiresAt", Form::Time),
    Member::required("refreshTokenExpiresAt", Form::OrNull(&Form::Time)),
    Member::required("scope", TEXT_OR_NULL),
    Member::required("idToken", TEXT_OR_NULL),
    Member::required("providerId", Form::Text),
    Member::required("accountId", Form::Text),
]);
const INFO: Form = Form::Object(&[
    Member::required(
        "user",
        Form::Object(&[
            Member::required("name", Form::Text),
            Member::required("email", TEXT_OR_NULL),
            Member::optional("image", Form::Text),
            Member::required("emailVerified", Form::Flag),
        ]),
    ),
    Member::required("data", Form::Any),
    Member::required(
        "account",
        Form::Object(&[
            Member::required("id", Form::Text),
            Member::required("providerId", Form::Text),
            Member::required("accountId", Form::Text),
        ]),
    ),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/get-access-token", get_access_token)
        .summary("A valid access token of a provider, refreshed if necessary")
        .guard(Guard::Sensitive)
        .body(ACCOUNT)
        .asks_others()
        .answers(&[Answer::json(&VALID)])
        .errors(&[
            codes::ACCOUNT_NOT_FOUND,
            codes::PROVIDER_NOT_SUPPORTED,
            codes::FAILED_TO_GET_ACCESS_TOKEN,
        ]),
    Endpoint::post("/refresh-token", refresh_token)
        .summary("Refresh the tokens of a provider")
        .guard(Guard::Sensitive)
        .body(ACCOUNT)
        .asks_others()
        .answers(&[Answer::json(&REFRESHED)])
        .errors(&[
            codes::ACCOUNT_NOT_FOUND,
            codes::PROVIDER_NOT_SUPPORTED,
            codes::TOKEN_REFRESH_NOT_SUPPORTED,
            codes::REFRESH_TOKEN_NOT_FOUND,
            codes::FAILED_TO_REFRESH_ACCESS_TOKEN,
        ]),
    Endpoint::get("/account-info", account_info)
        .summary("The profile of the current user at a provider")
        .guard(Guard::Sensitive)
        .query(&[ACCOUNT_ID])
        .asks_others()
        .answers(&[Answer::json(&INFO)])
        .errors(&[
            codes::ACCOUNT_NOT_FOUND,
            codes::PROVIDER_NOT_CONFIGURED,
            codes::ACCESS_TOKEN_NOT_FOUND,
            codes::FAILED_TO_GET_ACCESS_TOKEN,
            codes::NO_USER_INFO,
        ]),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_expires_at: Option<Timestamp>,
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// The account that the request or the account cookie selects, read from the database; it belongs
/// to the current user.
fn selected(cx: &Context<'_>) -> Result<LinkedAccount, AuthError> {
    let user_id = &cx.signed_in()?.user.id;
    if let Some(id) = cx.input.text("accountId") {
        return linked::find(cx.instance(), user_id, id);
    }
    let is_on = cx.instance().config().account.store_account_cookie;
    match cx.account_cookie()?.filter(|named| is_on && named.user_id == *user_id) {
        Some(named) => linked::find(cx.instance(), user_id, &named.id),
        None => Err(codes::ACCOUNT_NOT_FOUND.into()),
    }
}

/// Updates the account cookie.
fn carry_linked(cx: &mut Context<'_>, linked: &LinkedAccount) -> Result<(), AuthError> {
    let user_id = cx.signed_in()?.user.id.clone();
    carry(cx, (&linked.provider_id, &linked.account_id), &user_id)
}

fn get_access_token(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let linked = selected(cx)?;
    let Some(configured) = find(cx, &linked.provider_id) else {
        return Err(unsupported(&linked));
    };
    let tokens = valid(cx, &configured, &linked)?;
    if tokens.access_token_expires_at != linked.tokens.access_token_expires_at {
        carry_linked(cx, &linked)?;
    }
    Reply::json(&Valid {
        access_token: Some(exposed(tokens.access_token.as_ref()).unwrap_or_default()),
        access_token_expires_at: tokens.access_token_expires_at,
        scopes: scopes(linked.tokens.scope.as_deref()),
        id_token: exposed(tokens.id_token.as_ref()),
    })
}

fn unsupported(linked: &LinkedAccount) -> AuthError {
    let message = format!("Provider {} is not supported.", linked.provider_id);
    AuthError::new(codes::PROVIDER_NOT_SUPPORTED).with_message(message)
}

fn exposed(secret: Option<&Secret>) -> Option<String> {
    secret.map(|secret| secret.expose().to_owned())
}

fn scopes(stored: Option<&str>) -> Vec<String> {
    let scopes = stored.unwrap_or_default().split(',').map(str::trim);
    scopes.filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// The tokens, with a valid access token.
fn valid(
    cx: &Context<'_>,
    configured: &Configured<'_>,
    linked: &LinkedAccount,
) -> Result<StoredTokens, AuthError> {
    let now = cx.instance().database().clock().now();
    let is_over =
        linked.tokens.access_token_expires_at.is_some_and(|end| end < now.after(ALMOST_OVER));
    if !is_over || linked.tokens.refresh_token.is_none() || !configured.provider.refreshes {
        return Ok(linked.tokens.clone());
    }
    let failed =
        |error: AuthError| AuthError::new(codes::FAILED_TO_GET_ACCESS_TOKEN).with_cause(error);
    renew(cx, configured, linked).map_err(failed)
}

/// Refreshes the tokens and stores them; values that the provider does not return are kept.
fn renew(
    cx: &Context<'_>,
    configured: &Configured<'_>,
    linked: &LinkedAccount,
) -> Result<StoredTokens, AuthError> {
    let old = &linked.tokens;
    let refresh_token = old.refresh_token.as_ref().map_or("", Secret::expose);
    let now = cx.instance().database().clock().now();
    let fetch = cx.instance().fetch();
    let new = tokens::refresh(fetch, configured, refresh_token, now);
    let new = stored(&new.map_err(|reason| {
        tracing::warn!(
            provider = configured.id,
            reason,
            "the provider refused to refresh the token"
        );
        AuthError::new(codes::FAILED_TO_REFRESH_ACCESS_TOKEN)
    })?);
    linked::keep(cx.instance(), &linked.id, &new)?;
    Ok(StoredTokens {
        refresh_token: new.refresh_token.or_else(|| old.refresh_token.clone()),
        refresh_token_expires_at: new.refresh_token_expires_at.or(old.refresh_token_expires_at),
        id_token: new.id_token.or_else(|| old.id_token.clone()),
        ..new
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refreshed {
    access_token: Option<String>,
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_expires_at: Option<Timestamp>,
    refresh_token_expires_at: Option<Timestamp>,
    scope: Option<String>,
    id_token: Option<String>,
    provider_id: String,
    account_id: String,
}

fn refresh_token(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let linked = selected(cx)?;
    let Some(configured) = find(cx, &linked.provider_id) else {
        return Err(unsupported(&linked));
    };
    if !configured.provider.refreshes {
        let message = format!("Provider {} does not support token refreshing.", linked.provider_id);
        return Err(AuthError::new(codes::TOKEN_REFRESH_NOT_SUPPORTED).with_message(message));
    }
    if linked.tokens.refresh_token.is_none() {
        return Err(codes::REFRESH_TOKEN_NOT_FOUND.into());
    }
    let new = renew(cx, &configured, &linked)?;
    if cx.account_cookie()?.is_some_and(|named| named.id == linked.id) {
        carry_linked(cx, &linked)?;
    }
    Reply::json(&Refreshed {
        access_token: exposed(new.access_token.as_ref()),
        refresh_token: exposed(new.refresh_token.as_ref()),
        access_token_expires_at: new.access_token_expires_at,
        refresh_token_expires_at: new.refresh_token_expires_at,
        scope: linked.tokens.scope.clone(),
        id_token: exposed(new.id_token.as_ref()),
        provider_id: linked.provider_id,
        account_id: linked.id,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    user: InfoUser,
    data: Value,
    account: InfoAccount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoUser {
    name: String,
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    email_verified: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoAccount {
    id: String,
    provider_id: String,
    account_id: String,
}

fn account_info(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let id = cx.query("accountId").unwrap_or_default();
    let linked = linked::find(cx.instance(), &cx.signed_in()?.user.id, &id)?;
    let Some(configured) = find(cx, &linked.provider_id) else {
        return Err(codes::PROVIDER_NOT_CONFIGURED.into());
    };
    let tokens = valid(cx, &configured, &linked)?;
    let Some(access_token) = exposed(tokens.access_token.as_ref()) else {
        return Err(codes::ACCESS_TOKEN_NOT_FOUND.into());
    };
    let tokens = Tokens {
        access_token: Some(access_token),
        id_token: exposed(tokens.id_token.as_ref()),
        ..Tokens::default()
    };
    let identity = identity::find(cx.instance().fetch(), &configured, &tokens, None);
    let identity = identity.ok_or_else(|| AuthError::new(codes::NO_USER_INFO))?;
    Reply::json(&Info {
        user: InfoUser {
            name: identity.name,
            email: identity.email,
            image: identity.image,
            email_verified: identity.email_verified,
        },
        data: identity.profile,
        account: InfoAccount {
            id: linked.id,
            provider_id: linked.provider_id,
            account_id: linked.account_id,
        },
    })
}
