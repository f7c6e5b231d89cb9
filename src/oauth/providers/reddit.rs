//! Reddit.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "reddit",
    "Reddit",
    "https://www.reddit.com/api/v1/authorize",
    "https://www.reddit.com/api/v1/access_token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/id"]).email(&[]).image(&["/icon_img"]).placeholder())
.scopes(&["identity"])
.pkce(Pkce::Off)
.basic()
.sends(&[Parameter::Duration]);

fn find(call: &Call<'_>) -> Option<Value> {
    let mut user = call.get("https://oauth.reddit.com/api/v1/me")?;
    // The query is a signature that expires.
    let image =
        user.at("icon_img").as_str().and_then(|image| image.split('?').next()).map(str::to_owned);
    user.set("icon_img", image);
    Some(user)
}
