//! `mail test`

use serde_json::json;

use crate::cli::app::App;
use crate::cli::failure::Failure;
use crate::cli::mail;
use crate::cli::mail::Delivery;
use crate::cli::output;
use crate::cli::users::explain;

/// Send a test message now
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  better-auth mail test you@example.com")]
pub(crate) struct Args {
    /// Who gets it
    #[arg(value_name = "EMAIL")]
    address: String,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let auth = mail::ready_auth(app)?;
    auth.api()
        .send_test_message(&args.address)
        .map_err(|error| explain(error, &args.address, &auth))?;
    let delivery = Delivery::by_transport(&auth);
    app.output.done(format_args!("test message for {} {}", args.address, delivery.words(&auth)));
    if app.output.is_json() {
        return output::json(&json!({ "status": true, "delivery": delivery }));
    }
    Ok(())
}
