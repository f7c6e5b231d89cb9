//! Kick.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "kick",
    "Kick",
    "https://id.kick.com/oauth/authorize",
    "https://id.kick.com/oauth/token",
    UserInfo::Get("https://api.kick.com/public/v1/users"),
)
.profile(
    Profile::new(&["/data/0/user_id"])
        .name(&["/data/0/name"])
        .email(&["/data/0/email"])
        .image(&["/data/0/profile_picture"]),
)
.scopes(&["user:read"]);
