//! Discord.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
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
    UserInfo::Own(find),
)
.profile(
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

/// The response has no URL for the picture; it follows from the id.
fn find(call: &Call<'_>) -> Option<Value> {
    let mut user = call.get("https://discord.com/api/users/@me")?;
    let id = text(user.at("id"))?;
    let image = if let Some(avatar) = user.at("avatar").as_str() {
        let format = if avatar.starts_with("a_") { "gif" } else { "png" };
        format!("https://cdn.discordapp.com/avatars/{id}/{avatar}.{format}")
    } else {
        let discriminator = user.at("discriminator").as_str().unwrap_or("0");
        let number = match discriminator.parse::<u64>() {
            Ok(0) | Err(_) => (id.parse::<u64>().unwrap_or_default() >> 22) % 6,
            Ok(number) => number % 5,
        };
        format!("https://cdn.discordapp.com/embed/avatars/{number}.png")
    };
    user.set("image_url", image);
    Some(user)
}
