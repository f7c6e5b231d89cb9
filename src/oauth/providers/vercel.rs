//! Vercel.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "vercel",
    "Vercel",
    "https://vercel.com/oauth/authorize",
    "https://api.vercel.com/login/oauth/token",
    UserInfo::Get("https://api.vercel.com/login/oauth/userinfo"),
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.no_refresh();
