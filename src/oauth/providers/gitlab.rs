//! `GitLab`.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "gitlab",
    "GitLab",
    "{issuer}/oauth/authorize",
    "{issuer}/oauth/token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/name", "/username"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["read_user"])
.sends(&[Parameter::LoginHint]);

fn find(call: &Call<'_>) -> Option<Value> {
    let user = call.get("{issuer}/api/v4/user")?;
    let is_active = user.at("state") == "active" && user.at("locked") != true;
    is_active.then_some(user)
}
