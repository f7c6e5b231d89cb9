//! `PayPal`.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "paypal",
    "PayPal",
    "https://www{sandbox}.paypal.com/signin/authorize",
    "https://api-m{sandbox}.paypal.com/v1/oauth2/token",
    UserInfo::Own("https://api-m{sandbox}.paypal.com/v1/identity/oauth2/userinfo"),
    Profile::new(&["/user_id"]).image(&["/picture"]).verified(&["/email_verified"]),
)
.more_scopes(MoreScopes::None)
.basic()
.sends(&[Parameter::Prompt])
.needs_secret();
