//! Apple.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "apple",
    "Apple",
    "https://appleid.apple.com/auth/authorize",
    "https://appleid.apple.com/auth/token",
    UserInfo::Own(find),
)
.profile(Profile::new(&["/sub"]).verified(&["/email_verified"]))
.scopes(&["email", "name"])
.sends(&[Parameter::FormPost, Parameter::CodeAndIdToken])
.needs_secret()
.id_token(IdToken::IdTokenRules(IdTokenRules {
    hashes_nonce: true,
    ..IdTokenRules::new("https://appleid.apple.com/auth/keys", &["https://appleid.apple.com"])
}));

/// The claims, with the name, which only the form of the first sign-in contains.
fn find(call: &Call<'_>) -> Option<Value> {
    let mut claims = call.claims()?;
    let part =
        |name: &str| call.user.and_then(|user| user.pointer(name)?.as_str()).unwrap_or_default();
    if call.user.is_some_and(|user| user.pointer("/name").is_some()) {
        let name = format!("{} {}", part("/name/firstName"), part("/name/lastName"));
        claims.set("name", name.trim());
    }
    Some(claims)
}
