//! Files that are written from the program's own tables: checked in, and compared here. `UPDATE=1 cargo it
//! generated` rewrites them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use better_auth::api::limits;
use better_auth::config::env;
use better_auth::config::reference;
use better_auth::http::Guard;
use better_auth::schema;

use crate::harness::Folder;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::grammar::Described;
use crate::harness::grammar::described;

pub(crate) fn check(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{file} is out of step; run: UPDATE=1 cargo it generated");
}

#[test]
fn schema_sql_is_in_step() {
    check("schema.sql", &schema::render(&schema::needed(&better_auth::Config::default())));
}

#[test]
fn completions_are_in_step() {
    for (shell, file) in [
        ("bash", "better-auth.bash"),
        ("zsh", "_better-auth"),
        ("fish", "better-auth.fish"),
        ("elvish", "better-auth.elv"),
        ("powershell", "_better-auth.ps1"),
    ] {
        let script = Folder::new().run(&["completions", shell]).succeeded().stdout;
        check(&format!("completions/{file}"), &script);
    }
}

#[test]
fn the_configuration_reference_is_in_step() {
    let mut text = "# Configuration\n\n\
        `better-auth.toml`, or `better-auth.json` with the same tree, in the working directory or named with \
        `--config`. Defaults < file < environment < flags. An unknown key or a wrong type is an error.\n\n\
        | option | holds | default | |\n|---|---|---|---|\n"
        .to_owned();
    for option in reference::OPTIONS {
        let default = if option.default == "null" { "" } else { option.default };
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        writeln!(text, "| `{}` | {} | {default} | {} |", option.path, option.kind, option.help)
            .unwrap();
    }
    text.push_str(
        "\n## Environment\n\nAn empty variable counts as not set.\n\n| variable | |\n|---|---|\n",
    );
    for variable in env::ALL {
        writeln!(text, "| `{}` | {} |", variable.name, variable.help).unwrap();
    }
    text.push_str(
        "\n## What may be stored\n\nOf what clients, providers and mail servers send. No option changes it; what a database holds \
         already stays.\n\n| text | bytes | longer ones are |\n|---|---|---|\n",
    );
    for limit in limits::ALL {
        writeln!(text, "| {} | {} | {} |", limit.text, limit.bytes_max, limit.beyond).unwrap();
    }
    text.push_str(
        "\nHow many one-time tokens there may be: `server.limits.oneTimeTokens` and `server.limits.oneTimeTokensPerClient`. A \
         client is an address, or a network of IPv6 (`advanced.ipAddress.ipv6Subnet`).\n",
    );
    check("docs/configuration.md", &text);
}

#[test]
fn the_list_of_endpoints_is_in_step() {
    let mut text = "# Endpoints\n\nBelow the base path, `/api/auth` by default, with every plugin on. What has a question mark may be left out; \
        \u{1f512} needs a session.\n\n| | | | body |\n|---|---|---|---|\n"
        .to_owned();
    for row in Site::with_plugins(|_| {}).auth.endpoints() {
        let form = row.body.form().filter(|form| !form.members().is_empty());
        let body = form.map(|form| format!("`{form}`")).unwrap_or_default();
        let guard = if row.guard == Guard::None { "" } else { " \u{1f512}" };
        writeln!(text, "| {} | `{}`{guard} | {} | {body} |", row.method, row.path, row.summary)
            .unwrap();
    }
    check("docs/endpoints.md", &text);
}

#[test]
fn the_openapi_document_is_in_step() {
    let site = Site::with_plugins(|config| config.rate_limit.enabled = Some(true));
    let document = site.send(Request::get("/open-api/generate-schema")).json();
    check("docs/openapi.json", &format!("{document:#}\n"));
}

#[test]
fn the_command_reference_is_in_step() {
    let mut text = "# Commands\n\nWhat `--help` says. The global options are those of `better-auth` everywhere, and left \
        out below.\n"
        .to_owned();
    for Described { path, help, .. } in described() {
        let name = [vec!["better-auth".to_owned()], path.clone()].concat().join(" ");
        let is_kept = |block: &&str| path.is_empty() || !block.starts_with("Global options:");
        let blocks: Vec<&str> = help.trim_end().split("\n\n").filter(is_kept).collect();
        let help = blocks.join("\n\n");
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(text, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n")).unwrap();
    }
    check("docs/cli.md", &text);
}
