//! Notion.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "notion",
    "Notion",
    "https://api.notion.com/v1/oauth/authorize",
    "https://api.notion.com/v1/oauth/token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/id"]).email(&["/person/email"]).image(&["/avatar_url"]))
.pkce(Pkce::Off)
.basic()
.sends(&[Parameter::LoginHint])
.forced(&[("owner", "user")]);

/// The API version of the response.
const VERSION: (&str, &str) = ("notion-version", "2022-06-28");

fn find(call: &Call<'_>) -> Option<Value> {
    let answer = call.get_with("https://api.notion.com/v1/users/me", &[VERSION])?;
    answer.pointer("/bot/owner/user").filter(|user| user.is_object()).cloned()
}
