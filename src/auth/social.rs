//! Providers and ways in, for administrators.

use crate::api::accounts;
use crate::auth::Api;
use crate::config::ProviderOptions;
use crate::error::AuthError;
use crate::error::codes;
use crate::oauth::Provider;
use crate::oauth::check;
use crate::oauth::check::Checked;
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
        let configured = self.instance.config().social_providers.iter();
        let known = configured.filter_map(|(id, options)| Some((providers::find(id)?, options)));
        known.map(|(provider, options)| self.configured(provider, options)).collect()
    }

    fn configured(&self, provider: &Provider, options: &ProviderOptions) -> ConfiguredProvider {
        let ours = || {
            let origin = self.site.origin.as_ref()?;
            Some(format!("{origin}{}/callback/{}", self.site.base_path, provider.id))
        };
        ConfiguredProvider {
            id: provider.id.to_owned(),
            name: provider.name.to_owned(),
            enabled: options.enabled != Some(false),
            callback_url: options.redirect_uri.clone().or_else(ours),
        }
    }

    /// Asks a provider whether it would take the configured credentials; blocks while it does.
    ///
    /// # Errors
    /// `PROVIDER_NOT_FOUND` when it is not configured.
    pub fn check_provider(&self, id: &str) -> Result<Checked, AuthError> {
        let options = self.instance.config().social_providers.get(id);
        match (providers::find(id), options) {
            (Some(provider), Some(options)) => {
                Ok(check::credentials(self.instance.fetch(), provider, options))
            }
            _ => Err(codes::PROVIDER_NOT_FOUND.into()),
        }
    }

    /// Removes a way in of a user; the last one stays, unless the configuration lets it go.
    ///
    /// # Errors
    /// `FAILED_TO_UNLINK_LAST_ACCOUNT`, `ACCOUNT_NOT_FOUND`.
    pub fn unlink_account(&self, user_id: &str, account_id: &str) -> Result<(), AuthError> {
        accounts::unlink(self.instance, user_id, account_id)
    }
}
