//! Figma.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "figma",
    "Figma",
    "https://www.figma.com/oauth",
    "https://api.figma.com/v1/oauth/token",
    UserInfo::Get("https://api.figma.com/v1/me"),
)
.profile(Profile::new(&["/id"]).name(&["/handle"]).image(&["/img_url"]))
.scopes(&["current_user:read"])
.basic()
.needs_secret();
