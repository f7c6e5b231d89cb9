//! Permissions: a role lists actions by resource; a user has one or several roles.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Context;
use crate::instance::Caller;
use crate::models::User;
use crate::models::user;
use crate::plugins::admin::Admin;

/// The default permissions of administrators. They do not include `impersonate-admins`.
const ADMIN: &[(&str, &[&str])] = &[
    (
        "user",
        &[
            "create",
            "list",
            "set-role",
            "ban",
            "impersonate",
            "delete",
            "set-password",
            "set-email",
            "set-phone",
            "get",
            "update",
        ],
    ),
    ("session", &["list", "revoke", "delete"]),
];

/// All roles with their actions by resource.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(transparent)]
pub(super) struct Roles(IndexMap<String, IndexMap<String, Vec<String>>>);

impl Default for Roles {
    /// `admin`, with all permissions except impersonating administrators, and `user`, with none.
    fn default() -> Self {
        let owned = |actions: &[&str]| actions.iter().map(|action| (*action).to_owned()).collect();
        let admin =
            ADMIN.iter().map(|(resource, actions)| ((*resource).to_owned(), owned(actions)));
        let admin = ("admin".to_owned(), admin.collect());
        Self(IndexMap::from([admin, ("user".to_owned(), IndexMap::new())]))
    }
}

impl Roles {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn has(&self, role: &str) -> bool {
        self.0.contains_key(role)
    }

    /// Whether a role allows all of these actions; an empty request is not allowed.
    fn allow(&self, role: &str, asked: &Map<String, Value>) -> bool {
        let Some(role) = self.0.get(role) else {
            return false;
        };
        let holds = |(resource, actions): (&String, &Value)| {
            let actions = actions.as_array().map(Vec::as_slice).unwrap_or_default();
            let has = |action: &Value| {
                let allowed = role.get(resource).map(Vec::as_slice).unwrap_or_default();
                action.as_str().is_some_and(|action| allowed.iter().any(|known| known == action))
            };
            !actions.is_empty() && actions.iter().all(has)
        };
        !asked.is_empty() && asked.iter().all(holds)
    }
}

impl Admin {
    /// Whether a user is allowed all of these actions, by id or by one of the roles.
    pub(super) fn allows(&self, user: &User, asked: &Map<String, Value>) -> bool {
        if self.options.admin_user_ids.contains(&user.id) {
            return true;
        }
        let role = user.additional.text("role").filter(|role| !role.is_empty());
        let roles = role.unwrap_or(&self.options.default_role);
        roles.split(',').any(|role| self.roles.allow(role, asked))
    }

    pub(super) fn allows_one(&self, user: &User, resource: &str, action: &str) -> bool {
        let asked = Map::from_iter([(resource.to_owned(), Value::from(vec![action]))]);
        self.allows(user, &asked)
    }

    /// Whether a user is an administrator, whose impersonation needs an extra permission. Blanks
    /// around a role are ignored.
    pub(super) fn is_admin(&self, user: &User) -> bool {
        let role = user.additional.text("role").filter(|role| !role.is_empty());
        let roles = role.unwrap_or(&self.options.default_role);
        let admin_roles = self.options.admin_roles();
        roles.split(',').any(|role| admin_roles.contains(&role.trim()))
            || self.options.admin_user_ids.contains(&user.id)
    }
}

/// The caller that [`require`] has admitted. The transaction checks again that the session exists
/// and that the roles are the same.
pub(super) fn caller<'a>(
    cx: &Context<'a>,
    refusal: &'static ErrorCode,
) -> Result<Caller<'a>, AuthError> {
    let seen = cx.signed_in()?.user.clone();
    Ok(cx.caller().with_check(move |tx| {
        let user = user::find(tx, &seen.id)?;
        let role = |user: &User| user.additional.text("role").map(str::to_owned);
        if user.is_some_and(|user| role(&user) == role(&seen)) {
            Ok(())
        } else {
            Err(refusal.into())
        }
    }))
}

/// Rejects a caller without this permission.
pub(super) fn require(
    cx: &Context<'_>,
    (resource, action): (&str, &str),
    refusal: &'static ErrorCode,
) -> Result<(), AuthError> {
    let admin = Admin::of(cx.instance())?;
    if admin.allows_one(&cx.signed_in()?.user, resource, action) {
        Ok(())
    } else {
        Err(refusal.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_role_allows_what_it_lists_and_nothing_else() {
        let roles = Roles::default();
        let allows = |role: &str, asked: Value| roles.allow(role, asked.as_object().unwrap());
        assert!(allows("admin", json!({"user": ["list", "ban"], "session": ["revoke"]})));
        for (role, asked) in [
            ("user", json!({"user": ["list"]})),
            ("admin", json!({"user": ["list", "impersonate-admins"]})),
            ("admin", json!({"user": ["list"], "project": ["create"]})),
            ("admin", json!({"user": []})),
            ("admin", json!({"user": "list"})),
            ("admin", json!({})),
            ("constructor", json!({"user": ["list"]})),
            (" admin", json!({"user": ["list"]})),
        ] {
            assert!(!allows(role, asked.clone()), "{role} {asked}");
        }
    }
}
