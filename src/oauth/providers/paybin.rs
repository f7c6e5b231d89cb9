//! Paybin.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "paybin",
    "Paybin",
    "{issuer}/oauth2/authorize",
    "{issuer}/oauth2/token",
    UserInfo::IdToken,
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.scopes(&["openid", "email", "profile"])
.sends(&[Parameter::Prompt, Parameter::LoginHint])
.needs_secret();
