//! Apple.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "apple",
    "Apple",
    "https://appleid.apple.com/auth/authorize",
    "https://appleid.apple.com/auth/token",
    UserInfo::IdToken,
    Profile::new(&["/sub"]).verified(&["/email_verified"]),
)
.scopes(&["email", "name"])
.sends(&[Parameter::FormPost, Parameter::CodeAndIdToken])
.needs_secret();
