//! Facebook.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "facebook",
    "Facebook",
    "https://www.facebook.com/v24.0/dialog/oauth",
    "https://graph.facebook.com/v24.0/oauth/access_token",
    UserInfo::Own("https://graph.facebook.com/me"),
    Profile::new(&["/sub", "/id"]).image(&["/picture/data/url"]).verified(&["/email_verified"]),
)
.scopes(&["email", "public_profile"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint, Parameter::Of("config_id", |options| options.config_id.clone())])
.needs_secret();
