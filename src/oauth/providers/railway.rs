//! Railway.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "railway",
    "Railway",
    "https://backboard.railway.com/oauth/auth",
    "https://backboard.railway.com/oauth/token",
    UserInfo::Get("https://backboard.railway.com/oauth/me"),
)
.profile(Profile::new(&["/sub"]).image(&["/picture"]))
.scopes(&["openid", "email", "profile"])
.basic();
