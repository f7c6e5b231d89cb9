//! Kakao.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "kakao",
    "Kakao",
    "https://kauth.kakao.com/oauth/authorize",
    "https://kauth.kakao.com/oauth/token",
    UserInfo::Get("https://kapi.kakao.com/v2/user/me"),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/kakao_account/profile/nickname", "/kakao_account/name"])
        .email(&["/kakao_account/email"])
        .image(&[
            "/kakao_account/profile/profile_image_url",
            "/kakao_account/profile/thumbnail_image_url",
        ])
        .verified(&["/kakao_account/is_email_valid", "/kakao_account/is_email_verified"]),
)
.scopes(&["account_email", "profile_image", "profile_nickname"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);
