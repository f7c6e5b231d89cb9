//! Reddit.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "reddit",
    "Reddit",
    "https://www.reddit.com/api/v1/authorize",
    "https://www.reddit.com/api/v1/access_token",
    UserInfo::Own("https://oauth.reddit.com/api/v1/me"),
    Profile::new(&["/id"]).email(&[]).image(&["/icon_img"]).placeholder(),
)
.scopes(&["identity"])
.pkce(Pkce::Off)
.basic()
.sends(&[Parameter::Duration]);
