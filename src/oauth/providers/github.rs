//! `GitHub`.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "github",
    "GitHub",
    "https://github.com/login/oauth/authorize",
    "https://github.com/login/oauth/access_token",
    UserInfo::Own("https://api.github.com/user"),
    Profile::new(&["/id"])
        .name(&["/name", "/login"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["read:user", "user:email"])
.sends(&[Parameter::LoginHint, Parameter::Prompt]);
