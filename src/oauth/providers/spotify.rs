//! Spotify.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "spotify",
    "Spotify",
    "https://accounts.spotify.com/authorize",
    "https://accounts.spotify.com/api/token",
    UserInfo::Get("https://api.spotify.com/v1/me"),
)
.profile(Profile::new(&["/id"]).name(&["/display_name"]).image(&["/images/0/url"]))
.scopes(&["user-read-email"]);
