//! `init`: a configuration file to begin with.

use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::path::PathBuf;

use better_auth::crypto::random;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;

/// Write a configuration file with a new secret
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth init
  better-auth init auth.toml")]
pub(crate) struct Args {
    /// Where to write it
    #[arg(default_value = "better-auth.toml")]
    file: PathBuf,
    /// Write over a file that is there, its secret included
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let place = args.file.display();
    let mut options = OpenOptions::new();
    options.write(true).create(true).create_new(!args.force);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&args.file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Conflict, format!("{place} is there already"))
                .with_hint("keep it, or write over it with --force, which signs everybody out")
        }
        _ => Failure::new(Exit::Failed, format!("{place} cannot be written: {error}")),
    })?;
    close_to_others(&file)?;
    file.set_len(0)?;
    file.write_all(text().as_bytes())?;
    file.sync_all()?;
    if app.output.is_json() {
        return output::json(&json!({ "file": args.file }));
    }
    app.output.done(format_args!("wrote {place}; it holds a secret, so keep it out of git"));
    app.output.status("next: `better-auth serve`");
    Ok(())
}

/// The mode given at opening holds for new files only; one that is there may be open to everybody.
fn close_to_others(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

fn text() -> String {
    include_str!("init.toml").replace("{secret}", random::secret().expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_configuration_and_so_is_what_it_suggests() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        let uncommented = |line: &'static str| {
            line.strip_prefix("# ").filter(|line| line.contains(" = ")).unwrap_or(line)
        };
        let lines: Vec<&str> = include_str!("init.toml").lines().map(uncommented).collect();
        let suggested = lines.join("\n").replace("{secret}", &"s".repeat(40));
        for text in [text(), suggested] {
            std::fs::write(&file, &text).unwrap();
            let overrides = better_auth::config::Overrides {
                config: Some(file.clone()),
                ..better_auth::config::Overrides::default()
            };
            let loaded = better_auth::Config::load(&overrides);
            assert!(loaded.is_ok(), "{:?}\n{text}", loaded.err());
        }
    }
}
