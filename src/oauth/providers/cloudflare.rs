//! Cloudflare.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "cloudflare",
    "Cloudflare",
    "https://dash.cloudflare.com/oauth2/auth",
    "https://dash.cloudflare.com/oauth2/token",
    UserInfo::Own("https://api.cloudflare.com/client/v4/user"),
    Profile::new(&["/id"]),
)
.scopes(&["user-details.read"])
.more_scopes(MoreScopes::Distinct)
.basic()
.style(Style::Closed);
