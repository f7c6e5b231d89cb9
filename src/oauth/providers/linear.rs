//! Linear.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
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
    UserInfo::Own(find),
)
.profile(Profile::new(&["/id"]).image(&["/avatarUrl"]))
.scopes(&["read"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);

fn find(call: &Call<'_>) -> Option<Value> {
    let query = "query { viewer { id name email avatarUrl active createdAt updatedAt } }";
    let body = serde_json::json!({ "query": query }).to_string();
    let answer = call.post("https://api.linear.app/graphql", "application/json", &body)?;
    answer.pointer("/data/viewer").filter(|viewer| viewer.is_object()).cloned()
}
