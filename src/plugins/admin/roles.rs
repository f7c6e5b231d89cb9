//! Setting roles.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::api::fields::WrittenBy;
use crate::api::users;
use crate::api::users::UserChanges;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::User;
use crate::plugins::admin::Admin;
use crate::plugins::admin::codes;

/// Completes a new user with the default role.
pub(super) fn complete(
    _: &mut Tx<'_>,
    instance: &Instance,
    user: &mut User,
) -> Result<(), AuthError> {
    let admin = Admin::of(instance)?;
    if user.additional.text("role").is_none() {
        user.additional.set("role", admin.options.default_role.clone());
    }
    require_known(admin, user)
}

/// Checks a changed role. Every change of a role passes here, whether by a request, the command
/// line or a program.
pub(super) fn change(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    (was, user): (&User, &User),
) -> Result<(), AuthError> {
    let role = |user: &User| user.additional.get("role").cloned().unwrap_or_default();
    if role(user) == role(was) {
        return Ok(());
    }
    require_known(Admin::of(instance)?, user)?;
    let details = json!({ "from": role(was), "to": role(user) });
    let kind = EventKind::OfPlugin { name: "user.role-changed", details: &details };
    instance.emit(tx, caller, Some(&user.id), kind)
}

/// Rejects a user without a role, and a role that is not declared if the configuration declares
/// any. The default role need not be declared.
fn require_known(admin: &Admin, user: &User) -> Result<(), AuthError> {
    let default = &admin.options.default_role;
    let Some(role) = user.additional.text("role") else {
        let message = format!("role: expected at least one role, such as {default}");
        return Err(AuthError::new(core_codes::VALIDATION_ERROR).with_message(message));
    };
    let is_known = role.split(',').all(|role| admin.roles.has(role.trim()));
    if admin.declares_roles && !is_known && role != default {
        return Err(codes::MAY_NOT_SET_UNKNOWN_ROLE.into());
    }
    Ok(())
}

/// Replaces the roles of a user.
pub(super) fn set(
    instance: &Instance,
    user_id: &str,
    roles: &str,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let additional = Map::from_iter([("role".to_owned(), Value::from(roles))]);
    let changes = UserChanges { additional, ..UserChanges::default() };
    users::update(instance, user_id, &changes, WrittenBy::Server, caller)
}

/// Parses the roles of a request into their stored form. If the configuration declares roles,
/// others are rejected.
pub(super) fn parse(admin: &Admin, given: &Value) -> Result<String, AuthError> {
    let one = std::slice::from_ref(given);
    let roles = given.as_array().map_or(one, Vec::as_slice);
    let roles: Option<Vec<&str>> = roles.iter().map(Value::as_str).collect();
    let roles = roles.ok_or(codes::INVALID_ROLE_TYPE)?;
    if admin.declares_roles && roles.iter().any(|role| !admin.roles.has(role)) {
        return Err(codes::MAY_NOT_SET_UNKNOWN_ROLE.into());
    }
    Ok(roles.join(","))
}

/// Rejects a role without any permissions: on the command line it is a typo.
pub(super) fn check(instance: &Instance, role: &str) -> Result<(), AuthError> {
    let known = &Admin::of(instance)?.roles;
    match role.split(',').find(|role| !known.has(role)) {
        Some(role) => {
            let names: Vec<&str> = known.names().collect();
            let message = format!("unknown role {role:?}; available: {}", names.join(", "));
            Err(AuthError::new(core_codes::VALIDATION_ERROR).with_message(message))
        }
        None => Ok(()),
    }
}
