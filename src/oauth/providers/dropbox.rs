//! Dropbox.

use crate::oauth::Provider;
use crate::oauth::provider::Parameter;
use crate::oauth::provider::Profile;
use crate::oauth::provider::UserInfo;

/// The row of this provider [contract 10.6, 10.7].
pub(super) const PROVIDER: Provider = Provider::new(
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
