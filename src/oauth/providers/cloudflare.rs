//! Cloudflare.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "cloudflare",
    "Cloudflare",
    "https://dash.cloudflare.com/oauth2/auth",
    "https://dash.cloudflare.com/oauth2/token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/id"]))
.scopes(&["user-details.read"])
.more_scopes(MoreScopes::Distinct)
.basic()
.style(Style::Closed);

fn find(call: &Call<'_>) -> Option<Value> {
    let answer = call.get("https://api.cloudflare.com/client/v4/user")?;
    let mut user = answer.pointer("/result").filter(|user| user.is_object())?.clone();
    if answer.at("success") != true {
        return None;
    }
    let names: Vec<&str> = ["first_name", "last_name"]
        .into_iter()
        .filter_map(|name| user.at(name).as_str().filter(|name| !name.is_empty()))
        .collect();
    let name = if names.is_empty() { user.at("email").clone() } else { names.join(" ").into() };
    user.set("name", name);
    Some(user)
}
