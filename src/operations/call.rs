//! The context of an operation: the deployment and the caller.

use crate::api::messages::Link;
use crate::api::who;
use crate::config::BaseUrl;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::site::Site;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::models::User;

/// The context of an operation. Only [`BetterAuth::call`](crate::auth::BetterAuth::call) creates
/// one, for the program that owns the service, and never from a request.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    instance: &'a Instance,
    site: &'a Site,
    actor: &'a Actor,
}

impl<'a> Call<'a> {
    /// Creates a call of the owner of the service; for `auth` alone.
    pub(crate) fn new(instance: &'a Instance, site: &'a Site, actor: &'a Actor) -> Self {
        Self { instance, site, actor }
    }

    /// The deployment.
    pub fn instance(&self) -> &'a Instance {
        self.instance
    }

    pub(crate) fn site(&self) -> &'a Site {
        self.site
    }

    /// The caller, for the rules: an operator or the program.
    pub fn caller(&self) -> Caller<'static> {
        Caller::trusted(self.actor.clone())
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.instance.database().clock().now()
    }

    /// The user with this id or address.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`, `AMBIGUOUS_USER`.
    pub fn user(&self, id_or_email: &str) -> Result<User, AuthError> {
        who::find(self.instance, id_or_email)?.ok_or_else(|| {
            let message = format!("no user has the id or email address {id_or_email:?}");
            AuthError::new(codes::USER_NOT_FOUND).with_message(message)
        })
    }

    /// A link outside a request: it points to the configured `baseURL`, and redirects to this URL.
    ///
    /// # Errors
    /// `CONFIG_INVALID` without `baseURL`, `INVALID_REDIRECT_URL`.
    pub fn link(&self, place: Option<&str>) -> Result<Link, AuthError> {
        let fallback = match &self.instance.config().base_url {
            Some(BaseUrl::ByHost(hosts)) => hosts.fallback.clone(),
            _ => None,
        };
        let Some(origin) = self.site.origin.clone().or(fallback) else {
            let problem = "baseURL (or BETTER_AUTH_URL) is not set: links in emails need to \
                           know where this server stands";
            return Err(AuthError::new(codes::CONFIG_INVALID).with_message(problem));
        };
        if !place.is_none_or(|place| self.site.leads_to(Some(&origin), place)) {
            return Err(codes::INVALID_REDIRECT_URL.into());
        }
        let base_url = format!("{}{}", origin.trim_end_matches('/'), self.site.base_path);
        Ok(Link { base_url, callback: place.map(str::to_owned), client: None })
    }
}
