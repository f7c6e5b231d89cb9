//! Slack.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "slack",
    "Slack",
    "https://slack.com/openid/connect/authorize",
    "https://slack.com/api/openid.connect.token",
    UserInfo::Get("https://slack.com/api/openid.connect.userInfo"),
)
.profile(
    Profile::new(&["/https:~1~1slack.com~1user_id"])
        .image(&["/picture", "/https:~1~1slack.com~1user_image_512"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email"])
.more_scopes(MoreScopes::RequestFirst)
.pkce(Pkce::Off);
