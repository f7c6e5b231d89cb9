//! Twitch.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "twitch",
    "Twitch",
    "https://id.twitch.tv/oauth2/authorize",
    "https://id.twitch.tv/oauth2/token",
    UserInfo::IdToken,
)
.profile(Profile::OPENID.name(&["/preferred_username"]))
.scopes(&["user:read:email", "openid"])
.pkce(Pkce::Off)
.sends(&[Parameter::Claims(&["email", "email_verified", "preferred_username", "picture"])]);
