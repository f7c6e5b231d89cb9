//! Signing in and linking accounts with a token that an application obtained itself, for example a
//! mobile app [contract 8.4, 8.14].

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::entry::link;
use crate::api::entry::link::LinkProof;
use crate::api::entry::provider;
use crate::api::entry::provider::Given;
use crate::api::entry::social;
use crate::api::entry::social::ExternalIdentity;
use crate::api::entry::social::SignedIn;
use crate::api::oauth_state;
use crate::endpoints::callback::carry;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Context;
use crate::http::Reply;
use crate::instance::proof::Outcome;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::oauth::configured::Configured;

#[derive(Serialize)]
struct SignedInReply<'a> {
    redirect: bool,
    token: &'a str,
    user: &'a User,
}

/// Signs in the user of the token.
pub(super) fn sign_in(
    cx: &mut Context<'_>,
    configured: &Configured<'_>,
    given: &Map<String, Value>,
) -> Result<Reply, AuthError> {
    let external = external(cx, configured, given)?;
    let callback = cx.input.text("callbackURL").map(str::to_owned);
    let link = cx.link_to(callback);
    let signed_in = social::sign_in(cx.instance(), &external, &link, &cx.caller());
    let SignedIn { entered, user_id, .. } = signed_in.map_err(refused)?;
    match cx.receive(entered, true)? {
        Outcome::Session(SessionWithUser { session, user }) => {
            carry(cx, (&external.provider_id, &external.account_id), &user_id)?;
            Reply::json(&SignedInReply { redirect: false, token: &session.token, user: &user })
        }
        Outcome::Challenge(answer) => Reply::json(&answer),
    }
}

/// Converts an error that would end the flow with a redirect: there is no redirect here.
fn refused(error: AuthError) -> AuthError {
    if error.is(codes::email_not_verified) {
        return codes::EMAIL_NOT_VERIFIED.into();
    }
    if error.code().is_of_redirect {
        return AuthError::new(codes::OAUTH_LINK_ERROR).with_message(error.message().to_owned());
    }
    error
}

#[derive(Serialize)]
struct Linked {
    url: &'static str,
    status: bool,
    redirect: bool,
}

/// Links the account of the token to the current user.
pub(super) fn link(
    cx: &mut Context<'_>,
    configured: &Configured<'_>,
    given: &Map<String, Value>,
    asked: &oauth_state::Link,
) -> Result<Reply, AuthError> {
    let external = external(cx, configured, given)?;
    link::link(cx.instance(), asked, &external, LinkProof::ByToken, &cx.caller()).map_err(
        |error| {
            let code = [
                (codes::unable_to_link_account, codes::LINKING_NOT_ALLOWED),
                (codes::email_does_not_match, codes::LINKING_DIFFERENT_EMAILS_NOT_ALLOWED),
                (
                    codes::account_already_linked_to_different_user,
                    codes::SOCIAL_ACCOUNT_ALREADY_LINKED,
                ),
            ]
            .into_iter()
            .find_map(|(from, to)| error.is(from).then_some(to));
            code.map_or(error, AuthError::from)
        },
    )?;
    Reply::json(&Linked { url: "", status: true, redirect: false })
}

fn external(
    cx: &Context<'_>,
    configured: &Configured<'_>,
    given: &Map<String, Value>,
) -> Result<ExternalIdentity, AuthError> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let given = Given {
        id_token: text("token").unwrap_or_default(),
        access_token: text("accessToken"),
        nonce: text("nonce"),
        user: given.get("user"),
        asks_for_new: cx.input.flag("requestSignUp") == Some(true),
    };
    provider::by_token(cx.instance(), configured, &given)
}
