//! `WeChat`.

use serde_json::Value;

use crate::oauth::Provider;
use crate::oauth::identity::Call;
use crate::oauth::identity::Json as _;
use crate::oauth::identity::text;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Short;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "wechat",
    "WeChat",
    "https://open.weixin.qq.com/connect/qrconnect",
    "https://api.weixin.qq.com/sns/oauth2/access_token",
    UserInfo::Own(find),
)
.profile(
    Profile::new(&["/unionid", "/openid"])
        .name(&["/nickname"])
        .image(&["/headimgurl"])
        .placeholder(),
)
.scopes(&["snsapi_login"])
.pkce(Pkce::Off)
.style(Style::Short(Short {
    client: "appid",
    is_key: false,
    lang: Some("cn"),
    fragment: Some("wechat_redirect"),
}));

/// The profile is requested by the `openid` that came with the tokens.
fn find(call: &Call<'_>) -> Option<Value> {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("access_token", call.tokens.access_token.as_deref()?)
        .append_pair("openid", &text(call.tokens.raw.at("openid"))?)
        .append_pair("lang", "zh_CN")
        .finish();
    let url = format!("https://api.weixin.qq.com/sns/userinfo?{query}");
    call.get_without_token(&url).filter(|user| user.get("errcode").is_none())
}
