//! `/admin/has-permission`: checks the permissions of the current user.

use serde::Serialize;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::guard;
use crate::plugins::admin::Admin;

/// Lists of actions by resource.
const PERMISSIONS: Form = Form::Map(&Form::List(&Form::Text));
const ASKED: Body = Body::Required(Form::AllOf(&[
    Form::Object(&[
        Member::optional("userId", Form::Coerced(&Form::Text)),
        Member::optional("role", Form::Text),
    ]),
    Form::ExactlyOne(&[
        Form::Object(&[Member::required("permission", PERMISSIONS)]),
        Form::Object(&[Member::required("permissions", PERMISSIONS)]),
    ]),
]));

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::post("/admin/has-permission", has_permission)
        .summary("Check the permissions of the current user")
        .body(ASKED)
        .answers(&[Answer::json(&Form::Object(&[
            Member::required("error", Form::Null),
            Member::required("success", Form::Flag),
        ]))])
        .errors(&[codes::BAD_REQUEST, codes::UNAUTHORIZED, codes::FAILED_TO_GET_SESSION])];

#[derive(Serialize)]
struct PermissionReply {
    error: Option<&'static str>,
    success: bool,
}

/// No guard: Better Auth validates the body before it checks the session. The permissions are
/// always those of the current user; `userId` and `role` are ignored.
fn has_permission(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let asked = cx.input.value("permissions").filter(|asked| PERMISSIONS.fits(Some(asked)));
    let Some(asked) = asked.and_then(Value::as_object).cloned() else {
        // The older name is accepted but ignored.
        let message = "invalid permission check. no permission(s) were passed.";
        return Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
    };
    let Some(found) = guard::look_up_session(cx)? else {
        return Err(codes::UNAUTHORIZED.into());
    };
    let success = Admin::of(cx.instance())?.allows(&found.user, &asked);
    Reply::json(&PermissionReply { error: None, success })
}
