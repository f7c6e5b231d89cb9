//! The context of a command: the configuration on demand, the service, the output.

use std::sync::Arc;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::config::Loaded;
use better_auth::config::Overrides;
use better_auth::schema::Plan;

use crate::cli::failure::Failure;
use crate::cli::output::Output;

pub(crate) struct App {
    pub(crate) output: Output,
    overrides: Overrides,
}

impl App {
    pub(crate) fn new(output: Output, overrides: Overrides) -> Self {
        Self { output, overrides }
    }

    /// Loads the configuration and shows its warnings.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let loaded = Config::load(&self.overrides)?;
        for warning in &loaded.warnings {
            self.output.warn(warning);
        }
        Ok(loaded)
    }

    /// The service, whatever the state of the database.
    pub(crate) fn auth(&self) -> Result<Arc<BetterAuth>, Failure> {
        service(self.load()?.config)
    }

    /// The service on a database that is up to date or, if the result is `true`, still empty.
    pub(crate) fn ready_or_new_auth(&self) -> Result<(Arc<BetterAuth>, bool), Failure> {
        let auth = self.auth()?;
        let plan = auth.plan()?;
        if plan.is_new && plan.problems.is_empty() {
            Ok((auth, true))
        } else {
            self.require_ready(&auth, plan)?;
            Ok((auth, false))
        }
    }

    /// The service on a database that exists, whatever its tables.
    pub(crate) fn existing_auth(&self) -> Result<Arc<BetterAuth>, Failure> {
        let auth = self.auth()?;
        let plan = auth.plan()?;
        if plan.is_new {
            self.require_ready(&auth, plan)?;
        }
        Ok(auth)
    }

    /// The service on another database, whatever its state; without repeating the configuration's
    /// warnings.
    pub(crate) fn auth_on(&self, url: &str) -> Result<Arc<BetterAuth>, Failure> {
        let overrides = Overrides { database: Some(url.to_owned()), ..self.overrides.clone() };
        service(Config::load(&overrides)?.config)
    }

    /// The service on a database that is up to date.
    pub(crate) fn ready_auth(&self) -> Result<Arc<BetterAuth>, Failure> {
        let auth = self.auth()?;
        let plan = auth.plan()?;
        self.require_ready(&auth, plan)?;
        Ok(auth)
    }

    /// The command that migrates this database, with the same global options.
    pub(crate) fn how_to_migrate(&self) -> String {
        format!("run `better-auth migrate`{}", self.same_options())
    }

    /// ` with the same --config`, where a hint names a command for this database.
    pub(crate) fn same_options(&self) -> String {
        let given =
            [("--config", self.overrides.config.is_some()), ("--database", self.names_database())];
        let given: Vec<&str> =
            given.into_iter().filter_map(|(option, is_given)| is_given.then_some(option)).collect();
        if given.is_empty() {
            String::new()
        } else {
            format!(" with the same {}", given.join(" and "))
        }
    }

    fn names_database(&self) -> bool {
        self.overrides.database.is_some()
    }

    /// Rejects a database that is not up to date; suggests a migration only if it would change
    /// something.
    fn require_ready(&self, auth: &BetterAuth, plan: Plan) -> Result<(), Failure> {
        if plan.is_empty() {
            return Ok(());
        }
        let place = auth.database().place();
        if !plan.problems.is_empty() {
            return Err(Failure::blocked(&place, plan.problems));
        }
        let mut failure = Failure::needs_migration(&place);
        let mut hint = self.how_to_migrate();
        if !auth.database().exists().unwrap_or(false) {
            failure.message = format!("there is no database at {place} yet");
            if self.names_database() {
                hint = format!("check the name; for a new database, {hint}");
            }
        }
        Err(failure.with_hint(hint))
    }
}

/// The service with the operating-system user as the operator in events.
pub(crate) fn service(config: Config) -> Result<Arc<BetterAuth>, Failure> {
    let name = whoami::username().unwrap_or_else(|_| "unknown".to_owned());
    Ok(Arc::new(BetterAuth::builder(config).operator(&name).build()?))
}
