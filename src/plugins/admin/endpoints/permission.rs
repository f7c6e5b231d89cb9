//! `/admin/has-permission`: whether who is signed in may do something.

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
        .summary("Whether the current user may do all of this")
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

/// No guard: upstream says what is wrong with the question before it looks who asks. For a request it is
/// always who is signed in that counts, whatever `userId` and `role` say.
fn has_permission(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let asked = cx.input.value("permissions").filter(|asked| PERMISSIONS.fits(Some(asked)));
    let Some(asked) = asked.and_then(Value::as_object).cloned() else {
        // The older name is read, and counts for nothing.
        let message = "invalid permission check. no permission(s) were passed.";
        return Err(AuthError::new(codes::BAD_REQUEST).with_message(message));
    };
    let Some(found) = guard::look_up_session(cx)? else {
        return Err(codes::UNAUTHORIZED.into());
    };
    let success = Admin::of(cx.instance())?.allows(&found.user, &asked);
    Reply::json(&PermissionReply { error: None, success })
}
