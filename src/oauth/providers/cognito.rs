//! Cognito.

use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "cognito",
    "Cognito",
    "https://{domain}/oauth2/authorize",
    "https://{domain}/oauth2/token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/sub"])
        .name(&["/name", "/given_name", "/username"])
        .image(&["/picture"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email"])
.sends(&[
    Parameter::Prompt,
    Parameter::Of("identity_provider", |options| options.identity_provider.clone()),
])
.style(Style::ScopeLast)
.id_token(IdToken::IdTokenRules(IdTokenRules {
    check: |claims, options| is_of_pool(claims, options),
    ..IdTokenRules::new(
        "https://cognito-idp.{region}.amazonaws.com/{pool}/.well-known/jwks.json",
        &[],
    )
}));

fn find(call: &Call<'_>) -> Option<Value> {
    call.claims().or_else(|| call.get("https://{domain}/oauth2/userinfo"))
}

fn is_of_pool(claims: &Value, options: &ProviderOptions) -> bool {
    let issuer = PROVIDER.endpoint("https://cognito-idp.{region}.amazonaws.com/{pool}", options);
    claims.at("iss").as_str() == Some(&issuer)
}
