//! X.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "twitter",
    "X",
    "https://x.com/i/oauth2/authorize",
    "https://api.x.com/2/oauth2/token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/data/id"])
        .name(&["/data/name"])
        .email(&["/data/email"])
        .image(&["/data/profile_image_url"])
        .verified(&["/data/email_verified"])
        .placeholder(),
)
.scopes(&["users.read", "tweet.read", "offline.access", "users.email"])
.basic();

fn find(call: &Call<'_>) -> Option<Value> {
    let url = "https://api.x.com/2/users/me?user.fields=";
    let mut user = call.get(&format!("{url}profile_image_url"))?;
    let confirmed = call.get(&format!("{url}confirmed_email"));
    let email = confirmed.as_ref().and_then(|answer| answer.pointer("/data/confirmed_email"));
    if let (Some(email), Some(data)) = (email, user.pointer_mut("/data")) {
        data.set("email", email.clone());
        data.set("email_verified", true);
    }
    Some(user)
}
