//! `providers check`

use better_auth::codes;
use better_auth::oauth::check::Checked;
use better_auth::oauth::check::Report;
use serde::Serialize;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Page;
use crate::cli::output::Record;
use crate::cli::output::TimeForm;

/// Ask providers for everything that a sign-in needs of them
///
/// Reads the description of a provider that has one, and its keys, and sends it a code that nobody gave out: the
/// error that comes back tells whether id and secret are right. Fails when one of these is wrong or missing; an
/// answer that tells nothing is "unclear" and no failure.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth providers check
  better-auth providers check google")]
pub(crate) struct Args {
    /// Only this one
    provider: Option<String>,
}

/// A column is null, or a dash, where there is nothing to ask for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckRow {
    id: String,
    fine: bool,
    discovery: Option<&'static str>,
    keys: Option<&'static str>,
    credentials: Option<&'static str>,
    answer: String,
}

impl CheckRow {
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

impl Record for CheckRow {
    const HEADERS: &'static [&'static str] = &["id", "discovery", "keys", "credentials", "answer"];
    const KEPT: &'static [usize] = &[3];

    fn cells(&self, _: TimeForm) -> Vec<String> {
        let or_dash = |cell: Option<&str>| cell.unwrap_or("-").to_owned();
        vec![
            self.id.clone(),
            or_dash(self.discovery),
            or_dash(self.keys),
            or_dash(self.credentials),
            self.answer.clone(),
        ]
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
        let report = api.check_provider(&id).map_err(|error| {
            let message = format!("no provider {id:?} is configured");
            Failure {
                code: codes::PROVIDER_NOT_FOUND.name,
                exit: Exit::NotFound,
                message,
                ..error.into()
            }
        })?;
        records.push(CheckRow::new(id, &report));
    }
    app.output.list(&Page::whole("providers", &records))?;
    let bad = records.iter().filter(|record| !record.fine);
    let bad: Vec<&str> = bad.map(|record| record.id.as_str()).collect();
    if bad.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::Failed, format!("nobody can sign in with {}", bad.join(", "))))
}
