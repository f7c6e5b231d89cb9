//! `/admin/…`: the rows first, then the handlers.

mod permission;
mod sessions;
mod user;
mod users;

use serde::Serialize;

use crate::error::AuthError;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Reply;
use crate::models::User;

pub(super) use sessions::ADMIN_SESSION;

/// One or several roles.
const TEXT_OR_TEXTS: Form = Form::AnyOf(&[Form::Text, Form::List(&Form::Text)]);

/// All endpoints of the plugin.
pub(super) fn all() -> Vec<Endpoint> {
    [users::ENDPOINTS, user::ENDPOINTS, sessions::ENDPOINTS, permission::ENDPOINTS].concat()
}

#[derive(Serialize)]
struct UserReply {
    user: User,
}

/// `{"user":…}`
fn user_reply(user: User) -> Result<Reply, AuthError> {
    Reply::json(&UserReply { user })
}
