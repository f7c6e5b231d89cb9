//! Providers that need nothing but a row [contract 10.6, 10.7], sorted by id.

use crate::oauth::Provider;
use crate::oauth::provider::MoreScopes;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Pkce;
use crate::oauth::provider::Profile;
use crate::oauth::provider::Short;
use crate::oauth::provider::Style;
use crate::oauth::provider::UserInfo;

/// Atlassian.
pub(super) const ATLASSIAN: Provider = Provider::new(
    "atlassian",
    "Atlassian",
    "https://auth.atlassian.com/authorize",
    "https://auth.atlassian.com/oauth/token",
    UserInfo::Get("https://api.atlassian.com/me"),
)
.profile(Profile::new(&["/account_id"]).image(&["/picture"]))
.scopes(&["read:jira-user", "offline_access"])
.sends(&[Parameter::Prompt])
.forced(&[("audience", "api.atlassian.com")])
.needs_secret();

/// Dropbox.
pub(super) const DROPBOX: Provider = Provider::new(
    "dropbox",
    "Dropbox",
    "https://www.dropbox.com/oauth2/authorize",
    "https://api.dropboxapi.com/oauth2/token",
    UserInfo::Post("https://api.dropboxapi.com/2/users/get_current_account"),
)
.profile(
    Profile::new(&["/account_id"])
        .name(&["/name/display_name"])
        .image(&["/profile_photo_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["account_info.read"])
.sends(&[Parameter::Of("token_access_type", |options| options.access_type.clone())]);

/// Figma.
pub(super) const FIGMA: Provider = Provider::new(
    "figma",
    "Figma",
    "https://www.figma.com/oauth",
    "https://api.figma.com/v1/oauth/token",
    UserInfo::Get("https://api.figma.com/v1/me"),
)
.profile(Profile::new(&["/id"]).name(&["/handle"]).image(&["/img_url"]))
.scopes(&["current_user:read"])
.basic()
.needs_secret();

/// Hugging Face.
pub(super) const HUGGINGFACE: Provider = Provider::new(
    "huggingface",
    "Hugging Face",
    "https://huggingface.co/oauth/authorize",
    "https://huggingface.co/oauth/token",
    UserInfo::Get("https://huggingface.co/oauth/userinfo"),
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.scopes(&["openid", "profile", "email"]);

/// Kakao.
pub(super) const KAKAO: Provider = Provider::new(
    "kakao",
    "Kakao",
    "https://kauth.kakao.com/oauth/authorize",
    "https://kauth.kakao.com/oauth/token",
    UserInfo::Get("https://kapi.kakao.com/v2/user/me"),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/kakao_account/profile/nickname", "/kakao_account/name"])
        .email(&["/kakao_account/email"])
        .image(&[
            "/kakao_account/profile/profile_image_url",
            "/kakao_account/profile/thumbnail_image_url",
        ])
        .verified(&["/kakao_account/is_email_valid", "/kakao_account/is_email_verified"]),
)
.scopes(&["account_email", "profile_image", "profile_nickname"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);

/// Kick.
pub(super) const KICK: Provider = Provider::new(
    "kick",
    "Kick",
    "https://id.kick.com/oauth/authorize",
    "https://id.kick.com/oauth/token",
    UserInfo::Get("https://api.kick.com/public/v1/users"),
)
.profile(
    Profile::new(&["/data/0/user_id"])
        .name(&["/data/0/name"])
        .email(&["/data/0/email"])
        .image(&["/data/0/profile_picture"]),
)
.scopes(&["user:read"]);

/// `LinkedIn`.
pub(super) const LINKEDIN: Provider = Provider::new(
    "linkedin",
    "LinkedIn",
    "https://www.linkedin.com/oauth/v2/authorization",
    "https://www.linkedin.com/oauth/v2/accessToken",
    UserInfo::Get("https://api.linkedin.com/v2/userinfo"),
)
.scopes(&["profile", "email", "openid"])
.pkce(Pkce::Off)
.sends(&[Parameter::LoginHint]);

/// Paybin.
pub(super) const PAYBIN: Provider = Provider::new(
    "paybin",
    "Paybin",
    "{issuer}/oauth2/authorize",
    "{issuer}/oauth2/token",
    UserInfo::IdToken,
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.scopes(&["openid", "email", "profile"])
.sends(&[Parameter::Prompt, Parameter::LoginHint])
.needs_secret();

/// Polar.
pub(super) const POLAR: Provider = Provider::new(
    "polar",
    "Polar",
    "https://polar.sh/oauth2/authorize",
    "https://api.polar.sh/v1/oauth2/token",
    UserInfo::Get("https://api.polar.sh/v1/oauth2/userinfo"),
)
.profile(
    Profile::new(&["/id"])
        .name(&["/public_name", "/username"])
        .image(&["/avatar_url"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email"])
.sends(&[Parameter::Prompt]);

/// Railway.
pub(super) const RAILWAY: Provider = Provider::new(
    "railway",
    "Railway",
    "https://backboard.railway.com/oauth/auth",
    "https://backboard.railway.com/oauth/token",
    UserInfo::Get("https://backboard.railway.com/oauth/me"),
)
.profile(Profile::new(&["/sub"]).image(&["/picture"]))
.scopes(&["openid", "email", "profile"])
.basic();

/// Roblox.
pub(super) const ROBLOX: Provider = Provider::new(
    "roblox",
    "Roblox",
    "https://apis.roblox.com/oauth/v1/authorize",
    "https://apis.roblox.com/oauth/v1/token",
    UserInfo::Get("https://apis.roblox.com/oauth/v1/userinfo"),
)
.profile(
    Profile::new(&["/sub"])
        .name(&["/nickname", "/preferred_username"])
        .email(&[])
        .image(&["/picture"])
        .placeholder(),
)
.scopes(&["openid", "profile"])
.pkce(Pkce::Off)
.sends(&[Parameter::PromptOr("select_account consent")]);

/// Salesforce.
pub(super) const SALESFORCE: Provider = Provider::new(
    "salesforce",
    "Salesforce",
    "https://{login}/services/oauth2/authorize",
    "https://{login}/services/oauth2/token",
    UserInfo::Get("https://{login}/services/oauth2/userinfo"),
)
.profile(
    Profile::new(&["/user_id"])
        .image(&["/photos/picture", "/photos/thumbnail"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "email", "profile"])
.needs_secret();

/// Slack.
pub(super) const SLACK: Provider = Provider::new(
    "slack",
    "Slack",
    "https://slack.com/openid/connect/authorize",
    "https://slack.com/api/openid.connect.token",
    UserInfo::Get("https://slack.com/api/openid.connect.userInfo"),
)
.profile(
    Profile::new(&["/https:~1~1slack.com~1user_id"])
        .image(&["/picture", "/https:~1~1slack.com~1user_image_512"])
        .verified(&["/email_verified"]),
)
.scopes(&["openid", "profile", "email"])
.more_scopes(MoreScopes::RequestFirst)
.pkce(Pkce::Off);

/// Spotify.
pub(super) const SPOTIFY: Provider = Provider::new(
    "spotify",
    "Spotify",
    "https://accounts.spotify.com/authorize",
    "https://accounts.spotify.com/api/token",
    UserInfo::Get("https://api.spotify.com/v1/me"),
)
.profile(Profile::new(&["/id"]).name(&["/display_name"]).image(&["/images/0/url"]))
.scopes(&["user-read-email"]);

/// `TikTok`.
pub(super) const TIKTOK: Provider = Provider::new(
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

/// Twitch.
pub(super) const TWITCH: Provider = Provider::new(
    "twitch",
    "Twitch",
    "https://id.twitch.tv/oauth2/authorize",
    "https://id.twitch.tv/oauth2/token",
    UserInfo::IdToken,
)
.profile(Profile::OPENID.name(&["/preferred_username"]))
.scopes(&["user:read:email", "openid"])
.pkce(Pkce::Off)
.sends(&[Parameter::Claims(&["email", "email_verified", "preferred_username", "picture"])]);

/// Vercel.
pub(super) const VERCEL: Provider = Provider::new(
    "vercel",
    "Vercel",
    "https://vercel.com/oauth/authorize",
    "https://api.vercel.com/login/oauth/token",
    UserInfo::Get("https://api.vercel.com/login/oauth/userinfo"),
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.no_refresh();
