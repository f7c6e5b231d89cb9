//! Google.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "google",
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    UserInfo::Own(""),
    Profile::OPENID,
)
.scopes(&["email", "profile", "openid"])
.sends(&[
    Parameter::Prompt,
    Parameter::AccessType,
    Parameter::Display,
    Parameter::LoginHint,
    Parameter::HostedDomain,
    Parameter::Of("include_granted_scopes", |options| {
        (options.include_granted_scopes != Some(false)).then(|| "true".to_owned())
    }),
])
.needs_secret();
