//! Salesforce.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "salesforce",
    "Salesforce",
    "https://{login}/services/oauth2/authorize",
    "https://{login}/services/oauth2/token",
    UserInfo::Get("https://{login}/services/oauth2/userinfo"),
)
.profile(
    Profile::new(&["/user_id"])
        .image(&["/photos/picture", "/photos/thumbnail"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "email", "profile"])
.needs_secret();
