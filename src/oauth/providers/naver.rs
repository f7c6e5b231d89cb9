//! Naver.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "naver",
    "Naver",
    "https://nid.naver.com/oauth2.0/authorize",
    "https://nid.naver.com/oauth2.0/token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/response/id"])
        .name(&["/response/name", "/response/nickname"])
        .email(&["/response/email"])
        .image(&["/response/profile_image"]),
)
.scopes(&["profile", "email"])
.pkce(Pkce::Off);

fn find(call: &Call<'_>) -> Option<Value> {
    call.get("https://openapi.naver.com/v1/nid/me").filter(|answer| answer.at("resultcode") == "00")
}
