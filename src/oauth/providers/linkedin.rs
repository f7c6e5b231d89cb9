//! `LinkedIn`.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "linkedin",
    "LinkedIn",
    "https://www.linkedin.com/oauth/v2/authorization",
    "https://www.linkedin.com/oauth/v2/accessToken",
    UserInfo::Get("https://api.linkedin.com/v2/userinfo"),
)
.scopes(&["profile", "email", "openid"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);
