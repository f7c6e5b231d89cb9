//! `WeChat`.

use crate::oauth::Provider;
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
    UserInfo::Own("https://api.weixin.qq.com/sns/userinfo"),
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
