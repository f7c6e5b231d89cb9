//! LINE.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "line",
    "LINE",
    "https://access.line.me/oauth2/v2.1/authorize",
    "https://api.line.me/oauth2/v2.1/token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/sub"]).image(&["/picture"]))
.scopes(&["openid", "profile", "email"])
.sends(&[Parameter::LoginHint])
.id_token(IdToken::Asked("https://api.line.me/oauth2/v2.1/verify"));

fn find(call: &Call<'_>) -> Option<Value> {
    call.claims().or_else(|| call.get("https://api.line.me/oauth2/v2.1/userinfo"))
}
