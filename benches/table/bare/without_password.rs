//! Ours, with a sign-in that hashes nothing.

use std::path::Path;
use std::sync::Arc;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Plugin;
use better_auth::Secret;
use better_auth::api::sessions;
use better_auth::api::sessions::NewSession;
use better_auth::codes;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::reply::Done;
use better_auth::models::user;
use better_auth::server::ServeOptions;
use better_auth::server::Stop;
use better_auth::server::serve as serve_ours;
use serde_json::Map;

use crate::Result;
use crate::bare::ready;
use crate::fixture;

/// Signs in whoever gives an address.
struct WithoutPassword;

const ADDRESS: Body = Body::object(&[Member::required("email", Form::FILLED)]);

impl Plugin for WithoutPassword {
    fn id(&self) -> &'static str {
        "without-password"
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![Endpoint::post("/sign-in/without-password", sign_in).body(ADDRESS)]
    }
}

/// What is left of `/sign-in/email` without the hash: one query for the user, one transaction, one session.
fn sign_in(cx: &mut Context<'_>) -> std::result::Result<Reply, AuthError> {
    let instance = cx.instance();
    let address = cx.input.text("email").unwrap_or_default();
    let found = instance.database().read(|tx| user::find_with_hash(tx, address))?;
    let (user, _) = found.ok_or_else(|| AuthError::from(codes::USER_NOT_FOUND))?;
    let (caller, lifetime) = (cx.caller(), instance.config().session.expires_in);
    let new = NewSession { user: &user, lifetime, fields: Map::new() };
    let begun = instance.database().write(|tx| sessions::begin(tx, instance, &caller, &new))?;
    cx.set_session_cookie(&begun.publish(instance)?, true)?;
    Reply::json(&Done::SUCCESS)
}

pub(super) fn serve(database: &Path) -> Result<()> {
    let mut config = Config::default();
    config.secret = Some(Secret::new(fixture::SECRET));
    config.database.url = format!("sqlite:{}", database.display()).into();
    let auth = Arc::new(BetterAuth::builder(config).plugin(WithoutPassword).build()?);
    auth.prepare()?;
    let options = ServeOptions { port: 0, ..ServeOptions::default() };
    serve_ours(auth, &options, &Stop::new(), ready)?;
    Ok(())
}
