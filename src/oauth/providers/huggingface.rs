//! Hugging Face.

use crate::oauth::Provider;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
    "huggingface",
    "Hugging Face",
    "https://huggingface.co/oauth/authorize",
    "https://huggingface.co/oauth/token",
    UserInfo::Get("https://huggingface.co/oauth/userinfo"),
)
.profile(Profile::OPENID.name(&["/name", "/preferred_username"]))
.scopes(&["openid", "profile", "email"]);
