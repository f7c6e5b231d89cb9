//! Atlassian.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "atlassian",
    "Atlassian",
    "https://auth.atlassian.com/authorize",
    "https://auth.atlassian.com/oauth/token",
    UserInfo::Get("https://api.atlassian.com/me"),
)
.profile(Profile::new(&["/account_id"]).image(&["/picture"]))
.scopes(&["read:jira-user", "offline_access"])
.sends(&[Parameter::Prompt])
.forced(&[("audience", "api.atlassian.com")])
.needs_secret();
