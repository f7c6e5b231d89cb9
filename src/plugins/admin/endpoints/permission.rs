//! `/admin/has-permission`: whether who is signed in may do something.

use serde::Serialize;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Field;
use crate::http::Reply;
use crate::http::answer::Json;
use crate::http::answer::Member;
use crate::http::guard;
use crate::http::input::Kind;
use crate::plugins::admin::Admin;

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::post("/admin/has-permission", has_permission)
        .summary("Whether the current user may do all of this")
        .body(Body::Required(&[
            Field::optional("userId", Kind::Coerced),
            Field::optional("role", Kind::Text),
            Field::optional("permission", Kind::TextLists),
            Field::optional("permissions", Kind::TextLists),
        ]))
        .answers(&[Answer::json(&Json::Object(&[
            Member::always("error", Json::Null),
            Member::always("success", Json::Flag),
        ]))])
        .errors(&[codes::BAD_REQUEST, codes::UNAUTHORIZED, codes::FAILED_TO_GET_SESSION])];

#[derive(Serialize)]
struct PermissionReply {
    error: Option<&'static str>,
    success: bool,
}

/// No guard: upstream says what is wrong with the question before it looks who asks. For a request it is
/// always who is signed in that counts, whatever `userId` and `role` say.
fn has_permission(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let named = |name: &str| cx.input.value(name).filter(|value| is_permissions(value));
    let problem = match (named("permission"), named("permissions")) {
        (None, None) => Some((codes::VALIDATION_ERROR, "[body] Invalid input")),
        (Some(_), Some(_)) => {
            Some((codes::VALIDATION_ERROR, "[body] Invalid input: more than one option matched"))
        }
        (Some(_), None) => {
            Some((codes::BAD_REQUEST, "invalid permission check. no permission(s) were passed."))
        }
        (None, Some(_)) => None,
    };
    if let Some((code, message)) = problem {
        return Err(AuthError::new(code).with_message(message));
    }
    let asked = cx.input.object("permissions");
    let Some(found) = guard::look_up_session(cx)? else {
        return Err(codes::UNAUTHORIZED.into());
    };
    let success = Admin::of(cx.instance())?.allows(&found.user, &asked);
    Reply::json(&PermissionReply { error: None, success })
}

/// Whether a value lists texts by name.
fn is_permissions(value: &Value) -> bool {
    let is_list = |actions: &Value| {
        actions.as_array().is_some_and(|actions| actions.iter().all(Value::is_string))
    };
    value.as_object().is_some_and(|resources| resources.values().all(is_list))
}
