//! Notion.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "notion",
    "Notion",
    "https://api.notion.com/v1/oauth/authorize",
    "https://api.notion.com/v1/oauth/token",
    UserInfo::Own("https://api.notion.com/v1/users/me"),
    Profile::new(&["/id"]).email(&["/person/email"]).image(&["/avatar_url"]),
)
.pkce(Pkce::Off)
.basic()
.sends(&[Parameter::LoginHint])
.forced(&[("owner", "user")]);
