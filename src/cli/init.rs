//! `init`: writes a configuration file.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use better_auth::config::DEFAULT_FILES;
use better_auth::crypto::random;
use clap::ValueHint;
use serde_json::json;

use crate::cli::app::App;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::private_file;

/// Write a configuration file with a new secret
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  better-auth init
  better-auth init better-auth.json
  better-auth init auth.toml           for --config auth.toml")]
pub(crate) struct Args {
    /// Path of the file; .toml or .json
    #[arg(value_hint = ValueHint::FilePath, default_value = "better-auth.toml")]
    file: PathBuf,
    /// Overwrite an existing file, including its secret
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: Args, app: &App) -> Result<(), Failure> {
    let place = args.file.display();
    let text = text(&args.file)?;
    let is_found = DEFAULT_FILES.iter().any(|name| args.file == Path::new(name));
    if is_found && let Some(other) = other_default(&args.file) {
        let message = format!("{other} already exists, and with two files neither would be read");
        return Err(Failure::new(Exit::Conflict, message)
            .with_hint("keep it, or choose another name and pass it with --config"));
    }
    private_file::write(&args.file, &text, args.force).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Conflict, format!("{place} already exists"))
                .with_hint("keep it, or overwrite it with --force, which signs all users out")
        }
        _ => Failure::new(Exit::Failed, format!("cannot write {place}: {error}")),
    })?;
    if app.output.is_json() {
        return output::json(&json!({ "file": args.file }));
    }
    app.output.done(format_args!("wrote {place}; it contains a secret, so keep it out of git"));
    let config = if is_found { String::new() } else { format!(" --config {place}") };
    app.output.status(format_args!("next: `better-auth serve{config}`"));
    Ok(())
}

/// The other default file, if it exists.
fn other_default(file: &Path) -> Option<&'static str> {
    DEFAULT_FILES.into_iter().find(|name| file != Path::new(name) && Path::new(name).exists())
}

/// The content, in the format of the file name's extension.
fn text(file: &Path) -> Result<String, Failure> {
    let secret = random::secret();
    match file.extension().and_then(OsStr::to_str) {
        Some("toml") => Ok(include_str!("init.toml").replace("{secret}", secret.expose())),
        Some("json") => {
            let config = json!({
                "secret": secret.expose(),
                "database": { "url": "sqlite:better-auth.db" },
                "emailAndPassword": { "enabled": true },
            });
            Ok(format!("{config:#}\n"))
        }
        _ => Err(Failure::usage(format!("{}: expected a .toml or .json file", file.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_configuration_and_so_is_what_it_suggests() {
        let folder = tempfile::tempdir().unwrap();
        let uncommented = |line: &'static str| {
            line.strip_prefix("# ").filter(|line| line.contains(" = ")).unwrap_or(line)
        };
        let lines: Vec<&str> = include_str!("init.toml").lines().map(uncommented).collect();
        let suggested = lines.join("\n").replace("{secret}", &"s".repeat(40));
        let written = |name: &str| (name.to_owned(), text(Path::new(name)).unwrap());
        let mut urls = Vec::new();
        for (name, text) in [written("a.toml"), written("a.json"), ("b.toml".to_owned(), suggested)]
        {
            let file = folder.path().join(name);
            std::fs::write(&file, &text).unwrap();
            let overrides = better_auth::config::Overrides {
                config: Some(file),
                ..better_auth::config::Overrides::default()
            };
            let loaded = better_auth::Config::load(&overrides);
            let loaded = loaded.unwrap_or_else(|error| panic!("{error}\n{text}"));
            urls.push(loaded.config.database.url);
        }
        assert_eq!(urls[0], urls[1]);
    }
}
