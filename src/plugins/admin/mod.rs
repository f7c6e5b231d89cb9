//! `admin`: managing users and sessions over HTTP, with roles, bans and impersonation. Compatible
//! with Better Auth's plugin of this name; see `docs/configuration.md` for the options.

mod access;
mod bans;
mod codes;
mod endpoints;
mod filters;
mod impersonation;
mod operations;
mod roles;
mod settings;

use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::config::FieldType;
use crate::database::Tx;
use crate::error::AuthError;
use crate::http::Endpoint;
use crate::http::hooks::After;
use crate::http::hooks::Paths;
use crate::instance::Caller;
use crate::instance::Hooks;
use crate::instance::Instance;
use crate::models::User;
use crate::operations::AnyOperation;
use crate::plugin::Entry;
use crate::plugin::Plugin;
use crate::plugin::options;

use access::Roles;
use settings::Options;

const ID: &str = "admin";
pub(super) const ENTRY: Entry = Entry::new::<Options>(ID, |given| {
    let options: Options = options::options(ID, given)?;
    Ok(Box::new(Admin::new(options)?))
})
.on_the_command_line(operations::ALL, operations::USER_OPTIONS, filters::ALL);

struct Admin {
    options: Options,
    /// The roles of the configuration, or the defaults.
    roles: Roles,
    /// Whether the configuration declares roles; if so, other roles cannot be set.
    declares_roles: bool,
}

impl Admin {
    fn new(mut options: Options) -> Result<Self, ConfigError> {
        let declared = options.roles.take();
        let declares_roles = declared.is_some();
        let roles = declared.unwrap_or_default();
        options.check(&roles)?;
        Ok(Self { options, roles, declares_roles })
    }

    /// The plugin of this instance.
    fn of(instance: &Instance) -> Result<&Self, AuthError> {
        instance.plugin().ok_or_else(|| options::is_off(ID))
    }
}

impl Plugin for Admin {
    fn id(&self) -> &'static str {
        ID
    }

    fn user_fields(&self) -> AdditionalFields {
        let banned =
            AdditionalField { default_value: Some(false.into()), ..closed(FieldType::Flag) };
        let fields = [
            ("role", closed(FieldType::Text)),
            (bans::BANNED.name, banned),
            (bans::REASON.name, closed(FieldType::Text)),
            (bans::EXPIRES.name, closed(FieldType::Date)),
        ];
        self.options.schema.user.named(fields)
    }

    fn session_fields(&self) -> AdditionalFields {
        self.options.schema.session.named([("impersonatedBy", closed(FieldType::Text))])
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        endpoints::all()
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            before_user_insert: Some(roles::complete),
            before_user_update: Some(change_user),
            admits_user: Some(bans::refuse),
            impersonator: Some(impersonation::impersonator),
            accepts_session: Some(bans::accepts),
            extends_session: Some(|session| !impersonation::is_impersonation(session)),
            before_user_delete: Some(impersonation::end),
            check_user_field: Some(|instance, name, value| match name {
                "role" => roles::check(instance, value),
                _ => Ok(()),
            }),
            user_filters: filters::ALL,
            ..Hooks::default()
        }
    }

    fn after(&self) -> Vec<After> {
        // Users do not see impersonations of themselves, as in Better Auth.
        let hide = After { paths: Paths::These(&["/list-sessions"]), run: impersonation::hide };
        vec![hide]
    }

    fn cookies(&self) -> &'static [&'static str] {
        &[endpoints::ADMIN_SESSION]
    }

    fn operations(&self) -> &'static [&'static dyn AnyOperation] {
        operations::ALL
    }
}

/// Applies a change of a user to the role and the sessions.
fn change_user(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    was: &User,
    user: &mut User,
) -> Result<(), AuthError> {
    roles::change(tx, instance, caller, (was, user))?;
    bans::change(tx, instance, caller, (was, user))
}

/// A field that clients can read but only the server sets.
fn closed(kind: FieldType) -> AdditionalField {
    AdditionalField { required: false, input: false, ..AdditionalField::new(kind) }
}
