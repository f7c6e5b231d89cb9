//! Builds a [`BetterAuth`] from the configuration, its plugins, and those that a program adds.

use std::any::Any;

use crate::auth::BetterAuth;
use crate::config::AdditionalFields;
use crate::config::COOKIE_KEYS;
use crate::config::Config;
use crate::config::ConfigError;
use crate::database::Clock;
use crate::email::kinds;
use crate::endpoints;
use crate::error::AuthError;
use crate::http::Endpoint;
use crate::http::hooks::EndpointHooks;
use crate::http::site::Site;
use crate::instance::Extension;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::models;
use crate::models::restriction;
use crate::models::verification::Purpose;
use crate::plugin::Plugin;
use crate::plugins;
use crate::schema;

/// A builder of [`BetterAuth`]; from [`BetterAuth::builder`].
#[must_use]
pub struct Builder {
    config: Config,
    clock: Clock,
    actor: Actor,
    plugins: Vec<Box<dyn Plugin>>,
}

impl Builder {
    pub(super) fn new(config: Config) -> Self {
        Self { config, clock: Clock::SYSTEM, actor: Actor::Program, plugins: Vec::new() }
    }

    /// Adds a plugin of the program.
    pub fn plugin(mut self, plugin: impl Plugin) -> Self {
        self.plugins.push(Box::new(plugin));
        self
    }

    /// Replaces the system clock; for tests.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Attributes calls of [`BetterAuth::api`] to an operator with the name of the operating-system
    /// user instead of to the program; events contain the name.
    pub fn operator(mut self, name: &str) -> Self {
        self.actor = Actor::Operator { name: name.to_owned() };
        self
    }

    /// Builds the service. The database is opened at the first use.
    ///
    /// # Errors
    /// `CONFIG_INVALID` if the configuration is inconsistent, or a plugin conflicts with it or with
    /// another plugin.
    pub fn build(self) -> Result<BetterAuth, AuthError> {
        let Self { mut config, clock, actor, plugins: added } = self;
        let mut plugins = plugins::configured(&config.plugins)?;
        plugins.extend(added);
        check_ids(&plugins)?;
        add_fields(&mut config, &plugins)?;
        config.check()?;
        check_mail_kinds(&config, &plugins)?;
        check_purposes(&plugins)?;
        check_restrictions(&config)?;
        check_cookies(&config, &plugins)?;
        // Hooks run in the order of the registry, whatever the order in the file.
        plugins.sort_by_key(|plugin| plugins::position(plugin.id()));
        let hooks = EndpointHooks {
            before: plugins.iter().flat_map(|plugin| plugin.before()).collect(),
            after: plugins.iter().flat_map(|plugin| plugin.after()).collect(),
            answers: plugins.iter().flat_map(|plugin| plugin.answers()).collect(),
            refusals: plugins.iter().flat_map(|plugin| plugin.refusals()).collect(),
            schemes: plugins.iter().flat_map(|plugin| plugin.schemes()).collect(),
        };
        let limits: Vec<_> = plugins.iter().flat_map(|plugin| plugin.limits()).collect();
        let tables = plugins.iter().flat_map(|plugin| plugin.tables()).collect();
        let mut catalog = models::bound(&config, tables);
        schema::check_names(catalog.tables(), &config)?;
        for plugin in &plugins {
            plugin.bind(&mut catalog);
        }
        let site = Site::new(&config, endpoints(&plugins)?, hooks, &limits);
        let operations = plugins.iter().map(|plugin| plugin.operations()).collect();
        let extensions = plugins.into_iter().map(|plugin| Extension {
            hooks: plugin.hooks(),
            mail_kinds: plugin.mail_kinds(),
            purposes: purposes(&*plugin),
            user_fields: plugin.user_fields().into_keys().collect(),
            plugin: plugin as Box<dyn Any + Send + Sync>,
        });
        let instance = Instance::new(config, clock, extensions.collect(), catalog);
        Ok(BetterAuth { instance, site, actor, operations })
    }
}

fn check_ids(plugins: &[Box<dyn Plugin>]) -> Result<(), ConfigError> {
    for (at, plugin) in plugins.iter().enumerate() {
        let id = plugin.id();
        if plugins.iter().skip(at + 1).any(|other| other.id() == id) {
            return Err(ConfigError::new(&format!("plugins.{id}"), "this plugin is listed twice"));
        }
    }
    Ok(())
}

/// Each kind of email belongs to the core or to one plugin, and `email.senders` contains no others.
fn check_mail_kinds(config: &Config, plugins: &[Box<dyn Plugin>]) -> Result<(), ConfigError> {
    let mut names: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
    for plugin in plugins {
        for kind in plugin.mail_kinds() {
            if names.contains(&kind.name) || kind.name == kinds::TEST.name {
                return Err(contradiction(&**plugin, &format!("the mail kind {}", kind.name)));
            }
            names.push(kind.name);
        }
    }
    let mut senders = config.email.senders.iter().flatten();
    senders.find(|name| !names.contains(&name.as_str())).map_or(Ok(()), |unknown| {
        let problem = format!("unknown kind {unknown:?}; available: {}", names.join(", "));
        Err(ConfigError::new("email.senders", problem))
    })
}

/// Each purpose belongs to one plugin: a secret for one purpose must not be valid for another.
fn check_purposes(plugins: &[Box<dyn Plugin>]) -> Result<(), ConfigError> {
    let mut all = Purpose::ALL.to_vec();
    for plugin in plugins {
        for purpose in purposes(&**plugin) {
            let text = purpose.text();
            if !purpose.is_valid() {
                let problem = format!("the purpose {text:?} may contain only a-z, 0-9, - and :");
                return Err(ConfigError::new(&format!("plugins.{}", plugin.id()), problem));
            }
            if all.iter().any(|other| other.overlaps(purpose)) {
                return Err(contradiction(&**plugin, &format!("the purpose {text}")));
            }
            all.push(purpose);
        }
    }
    Ok(())
}

/// A restriction that does not exist would be taken for one that is ignored.
fn check_restrictions(config: &Config) -> Result<(), ConfigError> {
    let mut fields = config.user.additional_fields.iter();
    let lifted = fields.find(|(name, field)| {
        let names = [name.as_str(), field.column(name)];
        field.input && names.into_iter().any(restriction::is_restricting)
    });
    if let Some((name, _)) = lifted {
        let problem = "restricts users, and a client could set it; add input = false";
        return Err(ConfigError::new(&format!("user.additionalFields.{name}"), problem));
    }
    let known = || restriction::ALL.iter().map(|restriction| restriction.field);
    let mut ignored = config.user.ignore_restrictions.iter();
    ignored.find(|name| known().all(|known| known != name.as_str())).map_or(Ok(()), |unknown| {
        let known = known().collect::<Vec<_>>().join(", ");
        let problem = format!("unknown restriction {unknown:?}; available: {known}");
        Err(ConfigError::new("user.ignoreRestrictions", problem))
    })
}

/// Options of a cookie that does not exist would have no effect.
fn check_cookies(config: &Config, plugins: &[Box<dyn Plugin>]) -> Result<(), ConfigError> {
    let of_plugins = plugins.iter().flat_map(|plugin| plugin.cookies());
    let known: Vec<&str> = COOKIE_KEYS.iter().chain(of_plugins).copied().collect();
    let mut keys = config.advanced.cookies.keys();
    keys.find(|key| !known.contains(&key.as_str())).map_or(Ok(()), |unknown| {
        let problem = format!("unknown cookie; available: {}", known.join(", "));
        Err(ConfigError::new(&format!("advanced.cookies.{unknown}"), problem))
    })
}

/// The purposes of a plugin: its own, and its challenge.
fn purposes(plugin: &dyn Plugin) -> Vec<Purpose> {
    let challenge = plugin.hooks().challenge.map(|challenge| challenge.purpose);
    plugin.purposes().into_iter().chain(challenge).collect()
}

/// Adds the fields of plugins before those of the application, as in Better Auth.
fn add_fields(config: &mut Config, plugins: &[Box<dyn Plugin>]) -> Result<(), ConfigError> {
    let user = std::mem::take(&mut config.user.additional_fields);
    let session = std::mem::take(&mut config.session.additional_fields);
    for plugin in plugins {
        let id = plugin.id();
        extend(&mut config.user.additional_fields, plugin.user_fields(), id)?;
        extend(&mut config.session.additional_fields, plugin.session_fields(), id)?;
    }
    extend(&mut config.user.additional_fields, user, "user.additionalFields")?;
    extend(&mut config.session.additional_fields, session, "session.additionalFields")
}

/// Rejects different definitions of a field: one could be hidden and the other public.
fn extend(
    fields: &mut AdditionalFields,
    more: AdditionalFields,
    whose: &str,
) -> Result<(), ConfigError> {
    for (name, field) in more {
        if fields.get(&name).is_some_and(|known| *known != field) {
            let problem = format!("the field {name} differs from the plugin's field of this name");
            return Err(ConfigError::new(whose, problem));
        }
        fields.insert(name, field);
    }
    Ok(())
}

/// The endpoints of the core and of all plugins; no two may answer the same request.
fn endpoints(plugins: &[Box<dyn Plugin>]) -> Result<Vec<Endpoint>, ConfigError> {
    let grouped = |group, rows: &[Endpoint]| {
        let rows = rows.iter().cloned().map(move |row| Endpoint { group, ..row });
        rows.collect::<Vec<_>>()
    };
    let core = endpoints::ALL.iter();
    let mut all: Vec<Endpoint> = core.flat_map(|(group, rows)| grouped(*group, rows)).collect();
    for plugin in plugins {
        for endpoint in grouped(plugin.id(), &plugin.endpoints()) {
            let is_same =
                |other: &Endpoint| other.path == endpoint.path && other.method == endpoint.method;
            if all.iter().any(is_same) {
                let what = format!("{} {}", endpoint.method, endpoint.path);
                return Err(contradiction(&**plugin, &what));
            }
            all.push(endpoint);
        }
    }
    Ok(all)
}

fn contradiction(plugin: &dyn Plugin, what: &str) -> ConfigError {
    ConfigError::new(&format!("plugins.{}", plugin.id()), format!("{what} already exists"))
}
