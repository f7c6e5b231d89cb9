//! The cookie cache: a copy of the session and its user in a cookie [contract 3.5].
//!
//! A copy is valid only with a session cookie that verifies and contains the same token. It saves a
//! database read; in exchange, a session that was revoked elsewhere stays valid until its copy
//! expires. Requests that may write always read the database, and so do sensitive reads
//! ([`Guard::Sensitive`](crate::http::Guard::Sensitive)).

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::config::CookieCacheStrategy;
use crate::crypto::jwt;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;

/// Lifetime of a copy if the session ends with the browser: signed JSON and tokens.
const NOT_REMEMBERED: Duration = Duration::from_secs(60);
const NOT_REMEMBERED_TOKEN: Duration = Duration::from_secs(300);

/// The content of a copy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    session: &'a Session,
    user: &'a User,
    updated_at: i64,
    version: &'a str,
}

#[derive(Deserialize)]
struct Read {
    session: Session,
    user: User,
    #[serde(default)]
    version: Option<String>,
}

/// Signed JSON. The signature covers the payload with `expiresAt` as its last member, so both sides
/// need the exact text.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Compact<'a> {
    #[serde(borrow)]
    session: &'a RawValue,
    expires_at: i64,
    signature: String,
}

/// Serialises the copy of a session as a cookie value.
///
/// # Errors
/// `CONFIG_INVALID`.
pub(super) fn write(
    instance: &Instance,
    found: &SessionWithUser,
    remember: bool,
) -> Result<String, AuthError> {
    let options = &instance.config().session.cookie_cache;
    let now = instance.database().clock().now();
    let payload = Payload {
        session: &found.session,
        user: &found.user,
        updated_at: now.as_millis(),
        version: &options.version,
    };
    let payload = serde_json::to_string(&payload).map_err(AuthError::internal)?;
    let lifetime = |otherwise| if remember { options.max_age } else { otherwise };
    let token_lifetime = lifetime(NOT_REMEMBERED_TOKEN);
    Ok(match options.strategy {
        CookieCacheStrategy::Compact => {
            let expires_at = now.after(lifetime(NOT_REMEMBERED)).as_millis();
            let signature = instance.signer()?.mac(signed(&payload, expires_at).as_bytes());
            let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
            let session = &RawValue::from_string(payload).map_err(AuthError::internal)?;
            let compact = Compact { session, expires_at, signature };
            let text = serde_json::to_string(&compact).map_err(AuthError::internal)?;
            BASE64_URL_SAFE_NO_PAD.encode(text)
        }
        CookieCacheStrategy::Jwt => {
            let claims = with_members(&payload, &times(now, token_lifetime));
            jwt::sign(instance.signer()?, &claims)
        }
        CookieCacheStrategy::Jwe => {
            let id = random::id();
            let added = format!(r#"{},"jti":"{id}""#, times(now, token_lifetime));
            let sealed = instance.sealer()?.seal(&with_members(&payload, &added));
            sealed.ok_or_else(|| AuthError::internal("nothing to encrypt with"))?
        }
    })
}

fn times(now: Timestamp, lifetime: Duration) -> String {
    let now = now.as_millis() / 1000;
    format!(r#""iat":{now},"exp":{}"#, now.saturating_add_unsigned(lifetime.as_secs()))
}

/// The text that the signature of signed JSON covers.
fn signed(payload: &str, expires_at: i64) -> String {
    with_members(payload, &format!(r#""expiresAt":{expires_at}"#))
}

/// Appends members to the text of a non-empty object.
fn with_members(object: &str, members: &str) -> String {
    format!("{},{members}}}", object.strip_suffix('}').unwrap_or(object))
}

/// The session in a copy, if the copy is valid, has not expired, and has this token.
///
/// # Errors
/// `CONFIG_INVALID`.
pub(super) fn read(
    instance: &Instance,
    copy: &str,
    token: &str,
) -> Result<Option<SessionWithUser>, AuthError> {
    let options = &instance.config().session.cookie_cache;
    let now = instance.database().clock().now();
    let payload = match options.strategy {
        CookieCacheStrategy::Compact => open_compact(instance, copy, now)?,
        CookieCacheStrategy::Jwt => jwt::open(instance.signer()?, copy, now.as_millis() / 1000),
        CookieCacheStrategy::Jwe => instance.sealer()?.open(copy, now.as_millis() / 1000),
    };
    let Some(Read { session, user, version }) =
        payload.and_then(|payload| serde_json::from_slice(&payload).ok())
    else {
        return Ok(None);
    };
    let is_current = session.token == token
        && version.as_deref().unwrap_or("1") == options.version
        && now <= session.expires_at
        && session.user_id == user.id;
    Ok(is_current.then_some(SessionWithUser { session, user }))
}

fn open_compact(
    instance: &Instance,
    copy: &str,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, AuthError> {
    let signer = instance.signer()?;
    let Ok(text) = BASE64_URL_SAFE_NO_PAD.decode(copy) else {
        return Ok(None);
    };
    let Ok(Compact { session, expires_at, signature }) = serde_json::from_slice(&text) else {
        return Ok(None);
    };
    let payload = session.get();
    let holds = BASE64_URL_SAFE_NO_PAD
        .decode(&signature)
        .is_ok_and(|signature| signer.is_mac(signed(payload, expires_at).as_bytes(), &signature));
    let is_in_time = now.as_millis() <= expires_at;
    Ok((holds && is_in_time).then(|| payload.as_bytes().to_vec()))
}
