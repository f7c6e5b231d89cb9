//! `PayPal`.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
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
    UserInfo::Own(find),
)
.profile(Profile::new(&["/user_id"]).image(&["/picture"]).verified(&["/email_verified"]))
.more_scopes(MoreScopes::None)
.basic()
.sends(&[Parameter::Prompt])
.needs_secret();

/// The ID token and the profile must be of the same user.
fn find(call: &Call<'_>) -> Option<Value> {
    let url = "https://api-m{sandbox}.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1";
    let user = call.get(url)?;
    if call.tokens.id_token.is_some() {
        let claims = call.claims()?;
        let subject = user.get("sub").unwrap_or_else(|| user.at("user_id"));
        let claimed = text(claims.at("sub"))?;
        if text(subject) != Some(claimed) {
            return None;
        }
    }
    Some(user)
}
