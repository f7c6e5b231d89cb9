//! Generic providers: any OpenID provider, and plain OAuth with a profile.

use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

const SENDS: &[Parameter] =
    &[Parameter::LoginHint, Parameter::Nonce, Parameter::Prompt, Parameter::AccessType];

/// How ID tokens are verified if the discovery document says how.
const ID_TOKEN: IdToken = IdToken::IdTokenRules(IdTokenRules {
    age_max: None,
    check: |claims, options| is_of_issuer(claims, options),
    ..IdTokenRules::new("", &[])
});

/// A provider with ID tokens.
pub const OPENID: Provider = Provider::new("", "", "", "", UserInfo::Own(find))
    .more_scopes(MoreScopes::OpenIdFirst)
    .pkce(Pkce::Optional)
    .sends(SENDS)
    .id_token(ID_TOKEN);

/// A provider without ID tokens.
pub const OAUTH: Provider = Provider::new("", "", "", "", UserInfo::Own(find))
    .profile(Profile::new(&["/id"]).image(&["/picture"]).verified(&["/email_verified"]))
    .more_scopes(MoreScopes::RequestFirst)
    .pkce(Pkce::Optional)
    .sends(SENDS)
    .id_token(ID_TOKEN);

fn is_of_issuer(claims: &Value, options: &ProviderOptions) -> bool {
    options.issuer.is_some() && claims.at("iss").as_str() == options.issuer.as_deref()
}

/// The ID token, if it has enough claims, else the profile, which must be of the same user. Which field is the id does
/// not depend on what a profile contains: otherwise a new field would change the id of a user.
fn find(call: &Call<'_>) -> Option<Value> {
    let claims = call.claims();
    if let Some(claims) = claims.as_ref().filter(|claims| claims.at("email").is_string()) {
        let mut claims = claims.clone();
        if claims.get("id").is_none() {
            let subject = claims.at("sub").clone();
            claims.set("id", subject);
        }
        return Some(claims);
    }
    let profile = call.get(call.options.user_info_endpoint.as_deref()?)?;
    let found = profile.at("sub");
    let is_same = claims.is_none_or(|claims| {
        text(claims.at("sub")) == text(found) || (!call.verifies && found.is_null())
    });
    is_same.then_some(profile)
}
