//! The options of the plugin.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::ConfigError;
use crate::config::seconds::Seconds;
use crate::error::codes;
use crate::plugin::options::FieldNames;
use crate::plugins::admin::access::Roles;

/// User and session management over HTTP for administrators.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Options {
    /// The role of new users.
    pub(super) default_role: String,
    /// Impersonating users with one of these roles needs the permission `impersonate-admins`.
    admin_roles: Names,
    /// Ids of users with all permissions, whatever their role.
    pub(super) admin_user_ids: Vec<String>,
    /// The permissions of each role, by resource; the defaults are `admin` and `user`. If set, no
    /// other role can be assigned.
    pub(super) roles: Option<Roles>,
    /// The message for a banned user after entering the right password.
    pub(super) banned_user_message: String,
    /// The default reason of a ban.
    pub(super) default_ban_reason: String,
    /// The default duration of a ban; permanent if unset.
    #[serde(with = "Seconds")]
    pub(super) default_ban_expires_in: Option<Duration>,
    /// The duration of an impersonation.
    #[serde(with = "Seconds")]
    pub(super) impersonation_session_duration: Duration,
    /// Allows impersonating administrators without that permission; weakens security.
    pub(super) allow_impersonating_admins: bool,
    /// Other names of the columns.
    pub(super) schema: Schema,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            default_role: "user".to_owned(),
            admin_roles: Names::default(),
            admin_user_ids: Vec::new(),
            roles: None,
            banned_user_message: codes::BANNED_USER.message.to_owned(),
            default_ban_reason: "No reason".to_owned(),
            default_ban_expires_in: None,
            impersonation_session_duration: Duration::from_secs(60 * 60),
            allow_impersonating_admins: false,
            schema: Schema::default(),
        }
    }
}

/// Names as a list, or as a comma-separated string.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(untagged, expecting = "a list of roles or a comma-separated string")]
enum Names {
    List(Vec<String>),
    Text(String),
}

impl Default for Names {
    fn default() -> Self {
        Self::Text("admin".to_owned())
    }
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Schema {
    /// Columns of `user`.
    pub(super) user: FieldNames,
    /// Columns of `session`.
    pub(super) session: FieldNames,
}

impl Options {
    pub(super) fn admin_roles(&self) -> Vec<&str> {
        match &self.admin_roles {
            Names::List(names) => names.iter().map(|name| name.trim()).collect(),
            Names::Text(names) => names.split(',').map(str::trim).collect(),
        }
    }

    pub(super) fn check(&self, roles: &Roles) -> Result<(), ConfigError> {
        self.schema.user.check(
            "plugins.admin.schema.user.fields",
            &["role", "banned", "banReason", "banExpires"],
        )?;
        self.schema.session.check("plugins.admin.schema.session.fields", &["impersonatedBy"])?;
        let is_unknown = |name: &&str| !roles.names().any(|known| known.eq_ignore_ascii_case(name));
        match self.admin_roles().into_iter().find(is_unknown) {
            Some(name) => {
                let known: Vec<&str> = roles.names().collect();
                let problem = format!("unknown role {name:?}; available: {}", known.join(", "));
                Err(ConfigError::new("plugins.admin.adminRoles", problem))
            }
            None => Ok(()),
        }
    }
}
