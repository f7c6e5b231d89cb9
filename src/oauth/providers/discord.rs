//! Discord.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "discord",
    "Discord",
    "https://discord.com/api/oauth2/authorize",
    "https://discord.com/api/oauth2/token",
    UserInfo::Own("https://discord.com/api/users/@me"),
    Profile::new(&["/id"])
        .name(&["/global_name", "/username"])
        .image(&["/image_url"])
        .verified(&["/verified"]),
)
.scopes(&["identify", "email"])
.more_scopes(MoreScopes::RequestFirst)
.pkce(Pkce::Off)
.sends(&[
    Parameter::PromptOr("none"),
    Parameter::OfWithScope("permissions", "bot", |options| {
        options.permissions.map(|bits| bits.to_string())
    }),
]);
