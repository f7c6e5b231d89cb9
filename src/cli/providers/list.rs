//! `providers list`

use better_auth::ConfiguredProvider;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// List the configured providers, with what to enter in their consoles
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  better-auth providers list")]
pub(crate) struct Args {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProviderRow {
    id: String,
    name: String,
    enabled: bool,
    #[serde(rename = "callbackURL")]
    callback_url: Option<String>,
}

impl Record for ProviderRow {
    const HEADERS: &'static [&'static str] = &["id", "name", "enabled", "callback URL"];
    const KEPT: &'static [usize] = &[3];

    fn cells(&self, _: TimeForm) -> Vec<String> {
        let enabled = if self.enabled { "yes" } else { "no" };
        let callback_url = self.callback_url.clone();
        vec![
            self.id.clone(),
            self.name.clone(),
            enabled.to_owned(),
            callback_url.unwrap_or_else(|| "set baseURL to see it".to_owned()),
        ]
    }
}

pub(crate) fn run(_: Args, app: &App) -> Result<(), Failure> {
    let auth = app.auth()?;
    let shown = |provider: ConfiguredProvider| {
        let ConfiguredProvider { id, name, enabled, callback_url } = provider;
        ProviderRow { id, name, enabled, callback_url }
    };
    let records: Vec<ProviderRow> = auth.api().list_providers().into_iter().map(shown).collect();
    app.output.list(&Page::whole("providers", &records))
}
