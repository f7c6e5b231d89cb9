//! Microsoft Entra ID.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "microsoft",
    "Microsoft Entra ID",
    "{authority}/{tenant}/oauth2/v2.0/authorize",
    "{authority}/{tenant}/oauth2/v2.0/token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/oid"]).image(&["/picture"]).verified(&["/email_verified"]))
.scopes(&["openid", "profile", "email", "User.Read", "offline_access"])
.sends(&[Parameter::Prompt, Parameter::LoginHint])
.id_token(IdToken::IdTokenRules(IdTokenRules {
    check: |claims, options| is_of_tenant(claims, options),
    ..IdTokenRules::new("{authority}/{tenant}/discovery/v2.0/keys", &[])
}));

/// `oid` is the permanent id. The picture takes a separate request and is left out if that fails.
fn find(call: &Call<'_>) -> Option<Value> {
    let mut claims = call.claims()?;
    if claims.at("oid").as_str().is_none_or(|oid| oid.trim().is_empty()) {
        return None;
    }
    if !call.options.disable_profile_photo {
        let size = call.options.profile_photo_size.unwrap_or(48);
        let photo = format!("/photos/{size}x{size}/$value");
        if let Some(photo) = call.bytes_below("https://graph.microsoft.com/v1.0/me", &photo) {
            let photo = BASE64_STANDARD.encode(photo);
            claims.set("picture", format!("data:image/jpeg;base64, {photo}"));
        }
    }
    if claims.get("email_verified").is_none() {
        let email = claims.at("email").clone();
        let lists = ["verified_primary_email", "verified_secondary_email"];
        let is_verified = email.is_string()
            && lists.iter().any(|list| {
                claims.at(list).as_array().is_some_and(|verified| verified.contains(&email))
            });
        claims.set("email_verified", is_verified);
    }
    Some(claims)
}

/// The tenant of personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The issuer contains the tenant; the options may require one, any organisation, or personal accounts.
fn is_of_tenant(claims: &Value, options: &ProviderOptions) -> bool {
    let Some(tenant) = claims.at("tid").as_str() else {
        return false;
    };
    let authority = PROVIDER.endpoint("{authority}", options);
    let wanted = PROVIDER.endpoint("{tenant}", options);
    let is_wanted = match wanted.as_str() {
        "common" => true,
        "organizations" => tenant != CONSUMERS,
        "consumers" => tenant == CONSUMERS,
        one => tenant == one,
    };
    is_wanted && claims.at("iss").as_str() == Some(&format!("{authority}/{tenant}/v2.0"))
}
