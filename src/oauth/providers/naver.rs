//! Naver.

use crate::oauth::Provider;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "naver",
    "Naver",
    "https://nid.naver.com/oauth2.0/authorize",
    "https://nid.naver.com/oauth2.0/token",
    UserInfo::Own("https://openapi.naver.com/v1/nid/me"),
    Profile::new(&["/response/id"])
        .name(&["/response/name", "/response/nickname"])
        .email(&["/response/email"])
        .image(&["/response/profile_image"]),
)
.scopes(&["profile", "email"])
.pkce(Pkce::Off);
