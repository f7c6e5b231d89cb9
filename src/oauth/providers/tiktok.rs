//! `TikTok`.

use crate::oauth::Provider;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Short;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "tiktok",
    "TikTok",
    "https://www.tiktok.com/v2/auth/authorize",
    "https://open.tiktokapis.com/v2/oauth/token/",
    UserInfo::Get("https://open.tiktokapis.com/v2/user/info/?fields=open_id,avatar_large_url,display_name,username"),
)
.profile(Profile::new(&["/data/user/open_id"]).name(&["/data/user/display_name", "/data/user/username"]).email(&["/data/user/email"]).image(&["/data/user/avatar_large_url"]).placeholder())
.scopes(&["user.info.profile"])
.pkce(Pkce::TokenOnly)
.style(Style::Short(Short { client: "client_key", is_key: true, lang: None, fragment: None }));
