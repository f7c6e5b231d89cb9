//! VK.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "vk",
    "VK",
    "https://id.vk.com/authorize",
    "https://id.vk.com/oauth2/auth",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/user/user_id"])
        .name(&["/user/name"])
        .email(&["/user/email"])
        .image(&["/user/avatar"]),
)
.scopes(&["email", "phone"]);

fn find(call: &Call<'_>) -> Option<Value> {
    let client_id = call.options.client_id.as_ref()?;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("access_token", call.tokens.access_token.as_deref()?)
        .append_pair("client_id", client_id.primary())
        .finish();
    let form = "application/x-www-form-urlencoded";
    let mut answer = call.post("https://id.vk.com/oauth2/user_info", form, &body)?;
    let user = answer.pointer_mut("/user")?;
    let part = |name: &str| user.at(name).as_str().unwrap_or_default();
    let name = format!("{} {}", part("first_name"), part("last_name"));
    user.set("name", name);
    Some(answer)
}
