//! Microsoft Entra ID.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "microsoft",
    "Microsoft Entra ID",
    "{authority}/{tenant}/oauth2/v2.0/authorize",
    "{authority}/{tenant}/oauth2/v2.0/token",
    UserInfo::Own("https://graph.microsoft.com/v1.0/me/photos"),
    Profile::new(&["/oid"]).image(&["/picture"]).verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email", "User.Read", "offline_access"])
.sends(&[Parameter::Prompt, Parameter::LoginHint]);
