//! Zoom.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "zoom",
    "Zoom",
    "https://zoom.us/oauth/authorize",
    "https://zoom.us/oauth/token",
    UserInfo::Get("https://api.zoom.us/v2/users/me"),
)
.profile(
    Profile::new(&["/id"]).name(&["/display_name"]).image(&["/pic_url"]).verified(&["/verified"]),
)
.more_scopes(MoreScopes::None)
.pkce(Pkce::Optional);
