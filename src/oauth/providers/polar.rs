//! Polar.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "polar",
    "Polar",
    "https://polar.sh/oauth2/authorize",
    "https://api.polar.sh/v1/oauth2/token",
    UserInfo::Get("https://api.polar.sh/v1/oauth2/userinfo"),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/public_name", "/username"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email"])
.sends(&[Parameter::Prompt]);
