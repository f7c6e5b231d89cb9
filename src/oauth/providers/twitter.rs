//! X.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "twitter",
    "X",
    "https://x.com/i/oauth2/authorize",
    "https://api.x.com/2/oauth2/token",
    UserInfo::Own("https://api.x.com/2/users/me"),
    Profile::new(&["/data/id"])
        .name(&["/data/name"])
        .email(&["/data/email"])
        .image(&["/data/profile_image_url"])
        .verified(&["/data/email_verified"])
        .placeholder(),
)
.scopes(&["users.read", "tweet.read", "offline.access", "users.email"])
.basic();
