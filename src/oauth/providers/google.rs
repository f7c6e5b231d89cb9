//! Google.

use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "google",
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    UserInfo::Own(find),
)
.scopes(&["email", "profile", "openid"])
.sends(&[
    Parameter::Prompt,
    Parameter::AccessType,
    Parameter::Display,
    Parameter::LoginHint,
    Parameter::HostedDomain,
    Parameter::Of("include_granted_scopes", |options| {
        (options.include_granted_scopes != Some(false)).then(|| "true".to_owned())
    }),
])
.needs_secret()
.id_token(IdToken::IdTokenRules(IdTokenRules {
    check: |claims, options| is_of_domain(claims, options),
    ..IdTokenRules::new(
        "https://www.googleapis.com/oauth2/v3/certs",
        &["https://accounts.google.com", "accounts.google.com"],
    )
}));

/// Rejects users of other domains: the `hd` parameter is only a hint.
fn find(call: &Call<'_>) -> Option<Value> {
    call.claims().filter(|claims| is_of_domain(claims, call.options))
}

fn is_of_domain(claims: &Value, options: &ProviderOptions) -> bool {
    let domain = claims.at("hd").as_str().filter(|domain| !domain.is_empty());
    match options.hd.as_deref().filter(|wanted| !wanted.is_empty()) {
        None => true,
        Some("*") => domain.is_some(),
        Some(wanted) => domain == Some(wanted),
    }
}
