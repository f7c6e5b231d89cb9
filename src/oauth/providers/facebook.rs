//! Facebook.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
use crate::oauth::provider::IdToken;
use crate::oauth::provider::IdTokenRules;
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
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/sub", "/id"])
        .image(&["/picture/data/url", "/picture"])
        .verified(&["/email_verified"]),
)
.scopes(&["email", "public_profile"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint, Parameter::Of("config_id", |options| options.config_id.clone())])
.needs_secret()
.id_token(IdToken::IdTokenRules(IdTokenRules {
    age_max: None,
    takes_opaque: true,
    ..IdTokenRules::new(
        "https://limited.facebook.com/.well-known/oauth/openid/jwks/",
        &["https://www.facebook.com"],
    )
}));

/// An access token could belong to another application: it counts only if Facebook confirms that it was issued for this
/// one, and for the user of the profile.
fn find(call: &Call<'_>) -> Option<Value> {
    if let Some(mut claims) = call.claims() {
        claims.set("email_verified", false);
        return Some(claims);
    }
    let access_token = call.tokens.access_token.as_deref()?;
    let client_id = call.options.client_id.as_ref()?;
    let secret = call.options.client_secret.as_ref()?;
    let own = format!("{}|{}", client_id.primary(), secret.expose());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("input_token", access_token), ("access_token", &own)])
        .finish();
    let checked =
        call.get_without_token(&format!("https://graph.facebook.com/debug_token?{query}"))?;
    let app_id = text(checked.pointer("/data/app_id")?)?;
    let user_id = text(checked.pointer("/data/user_id")?)?;
    if checked.pointer("/data/is_valid").and_then(Value::as_bool) != Some(true)
        || !client_id.all().contains(&app_id.as_str())
    {
        return None;
    }
    let more = call.options.fields.iter().map(String::as_str);
    let fields: Vec<&str> = ["id", "name", "email", "picture"].into_iter().chain(more).collect();
    let url = format!("https://graph.facebook.com/me?fields={}", fields.join(","));
    call.get(&url).filter(|profile| text(profile.at("id")) == Some(user_id))
}
