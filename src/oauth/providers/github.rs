//! `GitHub`.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "github",
    "GitHub",
    "https://github.com/login/oauth/authorize",
    "https://github.com/login/oauth/access_token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/name", "/login"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["read:user", "user:email"])
.sends(&[Parameter::LoginHint, Parameter::Prompt]);

/// The profile has an address only if the user made it public, and never says whether it is verified.
fn find(call: &Call<'_>) -> Option<Value> {
    let mut user = call.get("https://api.github.com/user")?;
    let emails = call.get_below("https://api.github.com/user", "/emails").unwrap_or_default();
    let emails = emails.as_array().map(Vec::as_slice).unwrap_or_default();
    if user.at("email").as_str().is_none_or(str::is_empty) {
        let primary = emails.iter().find(|email| email.at("primary") == true).or(emails.first());
        user.set("email", primary.map(|email| email.at("email").clone()).unwrap_or_default());
    }
    let chosen = emails.iter().find(|email| email.at("email") == user.at("email"));
    user.set("email_verified", chosen.is_some_and(|email| email.at("verified") == true));
    Some(user)
}
