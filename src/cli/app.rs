//! What every command gets: the configuration on demand, the service, the output.

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

    /// The configuration, with its warnings said.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let loaded = Config::load(&self.overrides)?;
        for warning in &loaded.warnings {
            self.output.warn(warning);
        }
        Ok(loaded)
    }

    /// The service, on whatever state the database is in.
    pub(crate) fn auth(&self) -> Result<Arc<BetterAuth>, Failure> {
        Ok(Arc::new(BetterAuth::new(self.load()?.config)?))
    }

    /// The service, on a database that is up to date, or, where the answer says so, does not hold anything
    /// yet.
    pub(crate) fn ready_or_new_auth(&self) -> Result<(Arc<BetterAuth>, bool), Failure> {
        let auth = self.auth()?;
        let plan = auth.plan()?;
        if plan.is_new && plan.problems.is_empty() {
            Ok((auth, true))
        } else {
            Ok((ready(auth, plan)?, false))
        }
    }

    /// The service on another database, whatever its state; its warnings are those of the other one.
    pub(crate) fn auth_on(&self, url: &str) -> Result<Arc<BetterAuth>, Failure> {
        let overrides = Overrides { database: Some(url.to_owned()), ..self.overrides.clone() };
        Ok(Arc::new(BetterAuth::new(Config::load(&overrides)?.config)?))
    }

    /// The service, on a database that is up to date.
    pub(crate) fn ready_auth(&self) -> Result<Arc<BetterAuth>, Failure> {
        let auth = self.auth()?;
        let plan = auth.plan()?;
        ready(auth, plan)
    }
}

fn ready(auth: Arc<BetterAuth>, plan: Plan) -> Result<Arc<BetterAuth>, Failure> {
    if plan.is_empty() {
        return Ok(auth);
    }
    let place = auth.database().place();
    let mut failure = Failure::needs_migration(&place);
    if !auth.database().exists().unwrap_or(false) {
        failure.message = format!("there is no database at {place} yet");
    }
    failure.causes = plan.problems;
    Err(failure)
}
