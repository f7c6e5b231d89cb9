//! Linear.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "linear",
    "Linear",
    "https://linear.app/oauth/authorize",
    "https://api.linear.app/oauth/token",
    UserInfo::Own("https://api.linear.app/graphql"),
    Profile::new(&["/id"]).image(&["/avatarUrl"]),
)
.scopes(&["read"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);
