//! Filters of lists of users: `--banned`, `--role`.

use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::instance::hooks::UserListFilter;
use crate::plugins::admin::Admin;
use crate::plugins::admin::roles;
use crate::rows::Condition;
use crate::rows::Stored;

pub(super) const ALL: &[UserListFilter] = &[
    UserListFilter {
        name: "banned",
        value_name: None,
        help: "Only users with a ban that has not expired",
        condition: banned,
    },
    UserListFilter {
        name: "role",
        value_name: Some("ROLE"),
        help: "Only users with this role",
        condition: role,
    },
];

fn banned(instance: &Instance, _: Option<&str>) -> Result<Condition, AuthError> {
    Admin::of(instance)?;
    let text = "{user.banned} = {1} AND ({user.banExpires} IS NULL OR {user.banExpires} >= {2})";
    let values = vec![Stored::Flag(true), Stored::Time(instance.database().clock().now())];
    Ok(Condition::new(instance.tables(), "user", text, values))
}

/// Roles are one text with commas; a user without one has the default role.
fn role(instance: &Instance, role: Option<&str>) -> Result<Condition, AuthError> {
    let role = role.unwrap_or_default();
    if role.contains(',') {
        let message = "--role: expected one role";
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    roles::check(instance, role)?;
    let default = &Admin::of(instance)?.options.default_role;
    let roles = "',' || replace(COALESCE(NULLIF({user.role}, ''), {1}), ' ', '') || ','";
    let text = format!("replace({roles}, {{2}}, '') <> {roles}");
    let values =
        vec![Stored::Text(default.clone()), Stored::Text(format!(",{},", role.replace(' ', "")))];
    Ok(Condition::new(instance.tables(), "user", &text, values))
}
