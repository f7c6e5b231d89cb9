//! Zoom.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "zoom",
    "Zoom",
    "https://zoom.us/oauth/authorize",
    "https://zoom.us/oauth/token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/id"]).name(&["/display_name"]).image(&["/pic_url"]).verified(&["/verified"]),
)
.more_scopes(MoreScopes::None)
.pkce(Pkce::Optional);

/// Zoom sends 1 or 0 instead of `true` or `false`.
fn find(call: &Call<'_>) -> Option<Value> {
    let mut user = call.get("https://api.zoom.us/v2/users/me")?;
    let is_verified = *user.at("verified") == 1 || *user.at("verified") == true;
    user.set("verified", is_verified);
    Some(user)
}
