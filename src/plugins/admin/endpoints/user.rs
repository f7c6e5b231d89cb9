//! Changes of a user: `/admin/update-user`, `/admin/set-role`, `/admin/ban-user`,
//! `/admin/unban-user`, `/admin/set-user-password`, `/admin/remove-user`.

use serde_json::Map;
use serde_json::Value;

use crate::api::email;
use crate::api::fields::WrittenBy;
use crate::api::fields::type_name;
use crate::api::password_policy;
use crate::api::passwords;
use crate::api::users;
use crate::api::users::UserChanges;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;
use crate::http::reply::Done;
use crate::models::user;
use crate::plugins::admin::Admin;
use crate::plugins::admin::access::caller;
use crate::plugins::admin::access::require;
use crate::plugins::admin::bans;
use crate::plugins::admin::bans::Ban;
use crate::plugins::admin::codes;
use crate::plugins::admin::endpoints::TEXT_OR_TEXTS;
use crate::plugins::admin::endpoints::user_reply;
use crate::plugins::admin::endpoints::users::declared;
use crate::plugins::admin::roles;

/// Fields that require the permission to ban.
pub(super) const BAN_FIELDS: [&str; 3] = ["banned", "banReason", "banExpires"];

const USER_ID: Member = Member::required("userId", Form::Coerced(&Form::Text));

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/admin/update-user", update_user)
        .summary("Update a user")
        .guard(Guard::Sensitive)
        .body(Body::object(&[USER_ID, Member::required("data", Form::Record(&[]))]))
        .effects(&[Effect::ChangesUser])
        .answers(&[Answer::json(&Form::USER)])
        .errors(&[
            codes::MAY_NOT_UPDATE,
            codes::NO_DATA,
            codes::PASSWORD_CANNOT_BE_UPDATED,
            codes::ID_CANNOT_BE_UPDATED,
            codes::MAY_NOT_SET_ROLE,
            codes::INVALID_ROLE_TYPE,
            codes::MAY_NOT_SET_UNKNOWN_ROLE,
            codes::MAY_NOT_BAN,
            codes::CANNOT_BAN_YOURSELF,
            codes::MAY_NOT_SET_EMAIL,
            codes::MAY_NOT_SET_PHONE,
            codes::USER_NOT_FOUND,
            codes::USER_ALREADY_EXISTS,
            core_codes::INVALID_EMAIL,
        ]),
    Endpoint::post("/admin/set-role", set_role)
        .summary("Set the role of a user")
        .guard(Guard::Sensitive)
        .body(Body::object(&[USER_ID, Member::required("role", TEXT_OR_TEXTS)]))
        .answers(&[Answer::json(&Form::WITH_USER)])
        .errors(&[
            codes::MAY_NOT_SET_ROLE,
            codes::INVALID_ROLE_TYPE,
            codes::MAY_NOT_SET_UNKNOWN_ROLE,
            codes::USER_NOT_FOUND,
        ]),
    Endpoint::post("/admin/ban-user", ban_user)
        .summary("Ban a user and revoke their sessions")
        .guard(Guard::Sensitive)
        .body(Body::object(&[
            USER_ID,
            Member::optional("banReason", Form::Text),
            Member::optional("banExpiresIn", Form::Number),
        ]))
        .answers(&[Answer::json(&Form::WITH_USER)])
        .errors(&[codes::MAY_NOT_BAN, codes::CANNOT_BAN_YOURSELF, codes::USER_NOT_FOUND]),
    Endpoint::post("/admin/unban-user", unban_user)
        .summary("Lift the ban of a user")
        .guard(Guard::Sensitive)
        .body(Body::object(&[USER_ID]))
        .answers(&[Answer::json(&Form::WITH_USER)])
        .errors(&[codes::MAY_NOT_BAN, codes::USER_NOT_FOUND]),
    Endpoint::post("/admin/set-user-password", set_user_password)
        .summary("Set a user's password and revoke their sessions")
        .guard(Guard::Sensitive)
        .body(Body::object(&[
            Member::required("newPassword", Form::NonEmpty("newPassword cannot be empty")),
            Member::required("userId", Form::Coerced(&Form::NonEmpty("userId cannot be empty"))),
        ]))
        .answers(&[Answer::json(&Form::STATUS)])
        .effects(&[Effect::SetsPassword])
        .errors(&[codes::MAY_NOT_SET_PASSWORD, codes::USER_NOT_FOUND]),
    Endpoint::post("/admin/remove-user", remove_user)
        .summary("Delete a user with their sessions and accounts")
        .guard(Guard::Sensitive)
        .body(Body::object(&[USER_ID]))
        .answers(&[Answer::json(&Form::SUCCESS)])
        .errors(&[codes::MAY_NOT_DELETE, codes::CANNOT_REMOVE_YOURSELF, codes::USER_NOT_FOUND]),
];

/// Converts the error to one of this plugin, with 404 for a missing user in either dialect.
fn not_found(error: AuthError) -> AuthError {
    if error.is(core_codes::USER_NOT_FOUND) { codes::USER_NOT_FOUND.into() } else { error }
}

/// Rejects an unknown id.
fn require_user(cx: &Context<'_>, user_id: &str) -> Result<(), AuthError> {
    let instance = cx.instance();
    match instance.database().read(|tx| user::find(tx, user_id))? {
        Some(_) => Ok(()),
        None => Err(codes::USER_NOT_FOUND.into()),
    }
}

fn update_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "update"), codes::MAY_NOT_UPDATE)?;
    let user_id = cx.input.coerced("userId");
    let mut data = cx.input.object("data");
    check_update(cx, &user_id, &mut data)?;
    require_user(cx, &user_id)?;
    let changes = changes(cx, data)?;
    let updated = if changes == UserChanges::default() {
        // No known field: Better Auth returns the user unchanged.
        users::get(cx.instance(), &user_id)
    } else {
        let caller = caller(cx, codes::MAY_NOT_UPDATE)?;
        users::update(cx.instance(), &user_id, &changes, WrittenBy::Server, &caller)
    };
    let updated = updated.map_err(|error| {
        let is_taken = error.is(core_codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL);
        if is_taken { codes::USER_ALREADY_EXISTS.into() } else { not_found(error) }
    })?;
    Reply::json(&updated)
}

/// Checks the fields and permissions of an update; joins roles into their stored form.
fn check_update(
    cx: &Context<'_>,
    user_id: &str,
    data: &mut Map<String, Value>,
) -> Result<(), AuthError> {
    if data.is_empty() {
        return Err(codes::NO_DATA.into());
    }
    if data.contains_key("password") {
        return Err(codes::PASSWORD_CANNOT_BE_UPDATED.into());
    }
    if data.contains_key("id") {
        return Err(codes::ID_CANNOT_BE_UPDATED.into());
    }
    if let Some(role) = data.get("role") {
        require(cx, ("user", "set-role"), codes::MAY_NOT_SET_ROLE)?;
        let role = roles::parse(Admin::of(cx.instance())?, role)?;
        data.insert("role".to_owned(), role.into());
    }
    if BAN_FIELDS.iter().any(|name| data.contains_key(*name)) {
        require(cx, ("user", "ban"), codes::MAY_NOT_BAN)?;
        if data.get("banned") == Some(&Value::Bool(true)) && cx.signed_in()?.user.id == user_id {
            return Err(codes::CANNOT_BAN_YOURSELF.into());
        }
    }
    if data.contains_key("email") || data.contains_key("emailVerified") {
        require(cx, ("user", "set-email"), codes::MAY_NOT_SET_EMAIL)?;
        if let Some(address) = data.get("email")
            && !address.as_str().is_some_and(email::is_valid)
        {
            return Err(core_codes::INVALID_EMAIL.into());
        }
    }
    if data.contains_key("phoneNumber") || data.contains_key("phoneNumberVerified") {
        require(cx, ("user", "set-phone"), codes::MAY_NOT_SET_PHONE)?;
    }
    Ok(())
}

fn changes(cx: &Context<'_>, data: Map<String, Value>) -> Result<UserChanges, AuthError> {
    let text = |name: &str| match data.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.contains('\0') => Ok(Some(text.clone())),
        Some(other) => Err(wrong(name, "string", other)),
    };
    let email_verified = match data.get("emailVerified") {
        None => None,
        Some(Value::Bool(flag)) => Some(*flag),
        Some(other) => return Err(wrong("emailVerified", "boolean", other)),
    };
    let image = match data.get("image") {
        Some(Value::Null) => Some(None),
        _ => text("image")?.map(Some),
    };
    let (name, email) = (text("name")?, text("email")?);
    Ok(UserChanges { name, email, image, email_verified, additional: declared(cx, data) })
}

fn wrong(name: &str, expected: &str, value: &Value) -> AuthError {
    let received = type_name(Some(value));
    AuthError::new(core_codes::VALIDATION_ERROR)
        .with_message(format!("{name}: expected {expected}, received {received}"))
}

fn set_role(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "set-role"), codes::MAY_NOT_SET_ROLE)?;
    let role = cx.input.value("role").cloned().unwrap_or_default();
    let role = roles::parse(Admin::of(cx.instance())?, &role)?;
    let caller = caller(cx, codes::MAY_NOT_SET_ROLE)?;
    let user = roles::set(cx.instance(), &cx.input.coerced("userId"), &role, &caller);
    user_reply(user.map_err(not_found)?)
}

fn ban_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "ban"), codes::MAY_NOT_BAN)?;
    let user_id = cx.input.coerced("userId");
    require_user(cx, &user_id)?;
    if user_id == cx.signed_in()?.user.id {
        return Err(codes::CANNOT_BAN_YOURSELF.into());
    }
    let seconds = cx.input.value("banExpiresIn").and_then(Value::as_f64);
    let now = cx.instance().database().clock().now();
    let until = seconds.filter(|span| *span != 0.0).map(|span| bans::until(now, span));
    let ban = Ban { reason: cx.input.text("banReason"), until };
    let caller = caller(cx, codes::MAY_NOT_BAN)?;
    user_reply(bans::ban(cx.instance(), &user_id, &ban, &caller).map_err(not_found)?)
}

fn unban_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "ban"), codes::MAY_NOT_BAN)?;
    let caller = caller(cx, codes::MAY_NOT_BAN)?;
    let user = bans::unban(cx.instance(), &cx.input.coerced("userId"), &caller);
    user_reply(user.map_err(not_found)?)
}

fn set_user_password(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "set-password"), codes::MAY_NOT_SET_PASSWORD)?;
    let password = cx.input.secret("newPassword").unwrap_or_default();
    let user_id = cx.input.coerced("userId");
    password_policy::check_new(cx.instance(), &password)?;
    require_user(cx, &user_id)?;
    // A session may belong to someone who knew the old password. The caller's own sessions are
    // kept.
    let keeps_sessions = user_id == cx.signed_in()?.user.id;
    let caller = caller(cx, codes::MAY_NOT_SET_PASSWORD)?;
    passwords::set(cx.instance(), &user_id, &password, keeps_sessions, &caller)
        .map_err(not_found)?;
    Reply::json(&Done::STATUS)
}

fn remove_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "delete"), codes::MAY_NOT_DELETE)?;
    let user_id = cx.input.coerced("userId");
    if user_id == cx.signed_in()?.user.id {
        return Err(codes::CANNOT_REMOVE_YOURSELF.into());
    }
    let caller = caller(cx, codes::MAY_NOT_DELETE)?;
    users::delete(cx.instance(), &user_id, &caller).map_err(not_found)?;
    Reply::json(&Done::SUCCESS)
}
