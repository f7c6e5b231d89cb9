//! Roblox.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "roblox",
    "Roblox",
    "https://apis.roblox.com/oauth/v1/authorize",
    "https://apis.roblox.com/oauth/v1/token",
    UserInfo::Get("https://apis.roblox.com/oauth/v1/userinfo"),
)
.profile(
    Profile::new(&["/sub"])
        .name(&["/nickname", "/preferred_username"])
        .email(&[])
        .image(&["/picture"])
        .placeholder(),
)
.scopes(&["openid", "profile"])
.pkce(Pkce::Off)
.sends(&[Parameter::PromptOr("select_account consent")]);
