//! `GitLab`.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "gitlab",
    "GitLab",
    "{issuer}/oauth/authorize",
    "{issuer}/oauth/token",
    UserInfo::Own("{issuer}/api/v4/user"),
    Profile::new(&["/id"])
        .name(&["/name", "/username"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["read_user"])
.sends(&[Parameter::LoginHint]);
