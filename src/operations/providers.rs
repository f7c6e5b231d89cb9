//! `providers`: OAuth and OpenID Connect providers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::AuthError;
use crate::error::codes;
use crate::oauth::check;
use crate::oauth::check::Checked;
use crate::oauth::check::Report;
use crate::oauth::configured;
use crate::oauth::configured::Configured;
use crate::oauth::providers;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::outcome::Cell;
use crate::operations::outcome::Record;
use crate::operations::outcome::View;

/// Lists the configured providers.
pub const LIST: Operation<ListProviders, ProviderList> =
    Operation::new("providers.list", ("provider", "list"), |call, _| {
        Ok(ProviderList { providers: all(call) }.into())
    })
    .without_database();

/// Checks providers.
pub const CHECK: Operation<CheckProviders, CheckList> =
    Operation::new("providers.check", ("provider", "check"), check)
        .refuses(&[codes::PROVIDER_NOT_FOUND, codes::PROVIDER_UNUSABLE])
        .without_database();

crate::operations::input! {
    /// List the configured providers, with what to enter in their consoles
    #[command(after_help = "\
Example:
  better-auth providers list")]
    #[derive(Debug, Default)]
    #[serde(default)]
    pub struct ListProviders {}
}

/// The configured providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProviderList {
    /// In the order of the configuration.
    pub providers: Vec<ConfiguredProvider>,
}

impl Outcome for ProviderList {
    fn view(&self) -> Option<View> {
        Some(View::list("providers", &self.providers))
    }
}

/// A configured provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfiguredProvider {
    /// Its id, such as `google`.
    pub id: String,
    /// The display name.
    pub name: String,
    /// Whether users can sign in with it.
    pub enabled: bool,
    /// The redirect URI to enter in the provider's console; null without `baseURL`.
    #[serde(rename = "callbackURL")]
    pub callback_url: Option<String>,
}

impl Record for ConfiguredProvider {
    const HEADERS: &'static [&'static str] = &["id", "name", "enabled", "callback URL"];
    const KEPT: &'static [usize] = &[3];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.name.as_str().into(),
            self.enabled.into(),
            self.callback_url.as_deref().unwrap_or("requires baseURL").into(),
        ]
    }
}

fn all(call: &Call<'_>) -> Vec<ConfiguredProvider> {
    let config = call.instance().config();
    let known = config.social_providers.iter().filter_map(|(id, options)| {
        let own = options.redirect_uri.as_ref();
        Some(one(call, id, providers::find(id)?.name, own, options.is_on()))
    });
    let generic = config.generic_oauth.iter().map(|generic| {
        let id = &generic.provider_id;
        one(call, id, generic.name.as_ref().unwrap_or(id), generic.redirect_uri.as_ref(), true)
    });
    known.chain(generic).collect()
}

fn one(
    call: &Call<'_>,
    id: &str,
    name: &str,
    own_url: Option<&String>,
    enabled: bool,
) -> ConfiguredProvider {
    let ours = || {
        let origin = call.site().origin.as_ref()?;
        Some(format!("{origin}{}/callback/{id}", call.site().base_path))
    };
    ConfiguredProvider {
        id: id.to_owned(),
        name: name.to_owned(),
        enabled,
        callback_url: own_url.cloned().or_else(ours),
    }
}

crate::operations::input! {
    /// Check that sign-in with the configured providers works
    ///
    /// Reads a provider's discovery document, if it has one, and its keys, and sends it an invalid
    /// code: the error in the response shows whether client id and secret are right. Fails if one
    /// of these is wrong or missing; an inconclusive response is "unclear" and not a failure.
    #[command(after_help = "\
Examples:
  better-auth providers check
  better-auth providers check google")]
    #[derive(Debug, Default)]
    #[serde(default)]
    pub struct CheckProviders {
        /// Only this provider
        pub provider: Option<String>,
    }
}

/// The results of the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckList {
    /// In the order of the configuration.
    pub providers: Vec<CheckedProvider>,
}

impl Outcome for CheckList {
    fn view(&self) -> Option<View> {
        Some(View::list("providers", &self.providers))
    }
}

/// The result of a provider. Parts that do not apply are null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedProvider {
    id: String,
    fine: bool,
    discovery: Option<&'static str>,
    keys: Option<&'static str>,
    credentials: Option<&'static str>,
    answer: String,
}

impl CheckedProvider {
    fn new(id: String, report: &Report) -> Self {
        let part = |part: &Option<Result<(), String>>| {
            part.as_ref().map(|part| if part.is_ok() { "found" } else { "missing" })
        };
        let (credentials, said) = match &report.credentials {
            None => (None, None),
            Some(Checked::Fine) => (Some("taken"), None),
            Some(Checked::Refused(answer)) => (Some("refused"), Some(answer)),
            Some(Checked::Unclear(answer)) => (Some("unclear"), Some(answer)),
            Some(Checked::Unreachable(answer)) => (Some("unreachable"), Some(answer)),
        };
        let problem = |part: &'_ Option<Result<(), String>>| part.clone().and_then(Result::err);
        let problems = [problem(&report.discovery), problem(&report.keys), said.cloned()];
        Self {
            id,
            fine: report.is_fine(),
            discovery: part(&report.discovery),
            keys: part(&report.keys),
            credentials,
            answer: problems.into_iter().flatten().collect::<Vec<_>>().join("; "),
        }
    }
}

impl Record for CheckedProvider {
    const HEADERS: &'static [&'static str] = &["id", "discovery", "keys", "credentials", "answer"];
    const KEPT: &'static [usize] = &[3];

    fn cells(&self) -> Vec<Cell> {
        let or_dash = |cell: Option<&str>| cell.unwrap_or("-").into();
        vec![
            self.id.as_str().into(),
            or_dash(self.discovery),
            or_dash(self.keys),
            or_dash(self.credentials),
            self.answer.as_str().into(),
        ]
    }
}

fn check(call: &Call<'_>, input: &CheckProviders) -> Result<Done<CheckList>, AuthError> {
    let enabled = || all(call).into_iter().filter(|provider| provider.enabled);
    let ids: Vec<String> =
        input.provider.clone().map_or_else(|| enabled().map(|one| one.id).collect(), |id| vec![id]);
    let mut providers = Vec::new();
    for id in ids {
        let report = check_one(call, &id)?;
        providers.push(CheckedProvider::new(id, &report));
    }
    let bad = providers.iter().filter(|provider| !provider.fine);
    let bad: Vec<&str> = bad.map(|provider| provider.id.as_str()).collect();
    let message = format!("sign-in does not work with {}", bad.join(", "));
    let failure = AuthError::new(codes::PROVIDER_UNUSABLE).with_message(message);
    let failure = (!bad.is_empty()).then_some(failure);
    Ok(Done::from(CheckList { providers }).failing(failure))
}

/// Checks a provider: its discovery document, its keys, and whether it accepts the configured
/// credentials. Blocks until the provider responds.
///
/// # Errors
/// `PROVIDER_NOT_FOUND` if it is not configured.
pub(crate) fn check_one(call: &Call<'_>, id: &str) -> Result<Report, AuthError> {
    let (config, fetch) = (call.instance().config(), call.instance().fetch());
    let now = call.now();
    // A disabled built-in provider leaves its id to a generic one.
    if let Some(generic) = config.generic_oauth.iter().find(|own| own.provider_id == id) {
        return Ok(match configured::generic(generic, fetch, now.as_millis()) {
            Ok(found) => check::provider(fetch, &found, now),
            Err(reason) => Report::undescribed(reason),
        });
    }
    let options = config.social_providers.get(id);
    let known = options.and_then(|options| Configured::known(id, options));
    let known = known.ok_or_else(|| {
        let message = format!("no provider {id:?} is configured");
        AuthError::new(codes::PROVIDER_NOT_FOUND).with_message(message)
    })?;
    Ok(check::provider(fetch, &known, now))
}
