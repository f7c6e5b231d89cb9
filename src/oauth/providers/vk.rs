//! VK.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "vk",
    "VK",
    "https://id.vk.com/authorize",
    "https://id.vk.com/oauth2/auth",
    UserInfo::Own("https://id.vk.com/oauth2/user_info"),
    Profile::new(&["/user/user_id"])
        .name(&["/user/name"])
        .email(&["/user/email"])
        .image(&["/user/avatar"]),
)
.scopes(&["email", "phone"]);
