//! `providers check`

use better_auth::codes;
use better_auth::oauth::check::Checked;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// Ask providers whether they take the configured credentials
///
/// Sends each a code that nobody gave out: the error that comes back tells whether id and secret are right.
/// Fails when one refuses them or does not answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth providers check
  better-auth providers check google")]
pub(crate) struct Args {
    /// Only this one
    provider: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    credentials: &'static str,
    answer: String,
}

impl Record for Shown {
    const HEADERS: &'static [&'static str] = &["id", "credentials", "answer"];
    const KEPT: &'static [usize] = &[1];

    fn cells(&self, _: TimeForm) -> Vec<String> {
        vec![self.id.clone(), self.credentials.to_owned(), self.answer.clone()]
    }
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = app.auth()?;
    let api = auth.api();
    let enabled = || api.list_providers().into_iter().filter(|provider| provider.enabled);
    let ids: Vec<String> = args
        .provider
        .map_or_else(|| enabled().map(|provider| provider.id).collect(), |id| vec![id]);
    let mut records = Vec::new();
    for id in ids {
        let checked = api.check_provider(&id).map_err(|error| {
            let message = format!("no provider {id:?} is configured");
            Failure {
                code: codes::PROVIDER_NOT_FOUND.name,
                exit: Exit::NotFound,
                message,
                ..error.into()
            }
        })?;
        let (credentials, answer) = match checked {
            Checked::Fine => ("taken", String::new()),
            Checked::Refused(answer) => ("refused", answer),
            Checked::Unclear(answer) => ("unclear", answer),
            Checked::Unreachable(answer) => ("unreachable", answer),
        };
        records.push(Shown { id, credentials, answer });
    }
    app.output.list(&Page { name: "providers", records: &records, total: None })?;
    let bad = |record: &&Shown| matches!(record.credentials, "refused" | "unreachable");
    let bad: Vec<&str> = records.iter().filter(bad).map(|record| record.id.as_str()).collect();
    if bad.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, format!("nobody can sign in with {}", bad.join(", "))))
}
