//! Providers and ways in, for administrators.

use crate::api::accounts;
use crate::auth::Api;
use crate::error::AuthError;
use crate::error::codes;
use crate::oauth::check;
use crate::oauth::check::Report;
use crate::oauth::configured;
use crate::oauth::configured::Configured;
use crate::oauth::providers;

/// A provider as this deployment has configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredProvider {
    /// Its id, such as `google`.
    pub id: String,
    /// The name that people know.
    pub name: String,
    /// Whether people can sign in with it.
    pub enabled: bool,
    /// What to enter in the provider's console; nothing where `baseURL` is not set.
    pub callback_url: Option<String>,
}

impl Api<'_> {
    /// The providers that the configuration names, in its order.
    pub fn list_providers(&self) -> Vec<ConfiguredProvider> {
        let config = self.instance.config();
        let known = config.social_providers.iter().filter_map(|(id, options)| {
            let own = options.redirect_uri.as_ref();
            Some(self.configured(id, providers::find(id)?.name, own, options.is_on()))
        });
        let generic = config.generic_oauth.iter().map(|generic| {
            let id = &generic.provider_id;
            self.configured(
                id,
                generic.name.as_ref().unwrap_or(id),
                generic.redirect_uri.as_ref(),
                true,
            )
        });
        known.chain(generic).collect()
    }

    fn configured(
        &self,
        id: &str,
        name: &str,
        own_url: Option<&String>,
        enabled: bool,
    ) -> ConfiguredProvider {
        let ours = || {
            let origin = self.site.origin.as_ref()?;
            Some(format!("{origin}{}/callback/{id}", self.site.base_path))
        };
        ConfiguredProvider {
            id: id.to_owned(),
            name: name.to_owned(),
            enabled,
            callback_url: own_url.cloned().or_else(ours),
        }
    }

    /// Asks a provider for everything that a sign-in needs of it: its description, its keys, and whether it would take
    /// the configured credentials; blocks while it does.
    ///
    /// # Errors
    /// `PROVIDER_NOT_FOUND` when it is not configured.
    pub fn check_provider(&self, id: &str) -> Result<Report, AuthError> {
        let (config, fetch) = (self.instance.config(), self.instance.fetch());
        let now = self.instance.database().clock().now();
        // A provider with a file here that is off leaves its id to one without.
        if let Some(generic) = config.generic_oauth.iter().find(|own| own.provider_id == id) {
            return Ok(match configured::generic(generic, fetch, now.as_millis()) {
                Ok(found) => check::provider(fetch, &found, now),
                Err(reason) => Report::undescribed(reason),
            });
        }
        let options = config.social_providers.get(id);
        let known = options.and_then(|options| Configured::known(id, options));
        let known = known.ok_or_else(|| AuthError::new(codes::PROVIDER_NOT_FOUND))?;
        Ok(check::provider(fetch, &known, now))
    }

    /// Removes a way in of a user; the last one stays, unless the configuration lets it go.
    ///
    /// # Errors
    /// `FAILED_TO_UNLINK_LAST_ACCOUNT`, `ACCOUNT_NOT_FOUND`.
    pub fn unlink_account(&self, user_id: &str, account_id: &str) -> Result<(), AuthError> {
        accounts::unlink(self.instance, user_id, account_id, &self.caller())
    }
}
