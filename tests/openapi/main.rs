//! The OpenAPI document held against the server that it describes: a validator reads it, and schemathesis sends what
//! it makes of it, as a stranger, as a user and as an administrator. `hooks.py` makes those requests count; here they
//! are only started, or it is said once and loudly that they cannot be.
#![cfg(test)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::sync::OnceLock;

use serde_json::Value;

#[expect(dead_code, unused_imports, reason = "another suite uses more of it")]
#[path = "../it/harness/mod.rs"]
mod harness;

use harness::Folder;
use harness::server::Server;

/// Everything on that adds something to the document, and what would stand in the way of many requests off.
const CONFIGURATION: &str = r#"
baseURL = "http://localhost:3000"
[user]
deleteUser = { enabled = true }
changeEmail = { enabled = true }
[user.additionalFields]
age = { type = "number", required = false }
level = { type = ["low", "high"], defaultValue = "low" }
note = { type = "string", required = false, returned = false }
[session]
deferSessionRefresh = true
[session.additionalFields]
device = { type = "string", required = false }
[email]
transport = "file"
[rateLimit]
enabled = false
[socialProviders.github]
clientId = "client"
clientSecret = "secret"
[plugins]
admin = {}
bearer = {}
open-api = {}
username = {}
"#;
const BOSS: &str = "boss@example.com";
/// What has to be true of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";
/// Cases that are made up for one operation, besides those at the limits of its schemas.
const EXAMPLES: &str = "10";
/// Operations that succeed only with a provider that answers; `tests/it` has one.
const NEED_A_PROVIDER: [&str; 2] = ["GET /account-info", "POST /refresh-token"];

/// Something untrue about the responses of an operation.
type Lie = fn(&mut Value);

/// A server on a database of its own, with an administrator.
struct Site {
    folder: Folder,
    server: Server,
}

impl Site {
    fn new() -> Self {
        let folder = Folder::new();
        folder.configure(&toml::from_str(CONFIGURATION).unwrap());
        folder.run(&["migrate", "--yes"]).succeeded();
        let create = ["users", "create", BOSS, "--role", "admin", "--password-stdin"];
        folder.run_with(&create, "correct horse battery\n").succeeded();
        let server = Server::start(&folder, &[]);
        Self { folder, server }
    }

    fn document(&self) -> Value {
        serde_json::from_str(&self.server.get("/open-api/generate-schema", "")).unwrap()
    }

    /// Runs schemathesis with a document against the server.
    fn fuzz(&self, document: &Value, role: &str, more: &[&str]) -> Output {
        let file = self.folder.path("openapi.json");
        fs::write(&file, document.to_string()).unwrap();
        let mut command = python("schemathesis");
        command.current_dir(self.folder.path(".")).arg("run").arg(file);
        command.args([
            "--url",
            &self.server.url,
            "--checks",
            CHECKS,
            "--phases",
            "coverage,fuzzing",
        ]);
        command.args([
            "--max-examples",
            EXAMPLES,
            "--seed",
            "1",
            "--no-color",
            "--warnings",
            "off",
        ]);
        command.args(more);
        command.env("PYTHONPATH", suite()).env("SCHEMATHESIS_HOOKS", "hooks");
        command.env("ROLE", role).env("BASE", &self.server.url).env("BOSS", BOSS);
        command.env("MAILS", self.folder.path("emails.jsonl"));
        command.env("DATABASE", self.folder.path("better-auth.db"));
        command.env("COUNTS", self.folder.path("counts.json"));
        command.output().unwrap()
    }

    /// How often every operation answered with every status.
    fn counts(&self) -> BTreeMap<String, BTreeMap<u16, u32>> {
        let counts = fs::read_to_string(self.folder.path("counts.json")).unwrap();
        serde_json::from_str(&counts).unwrap()
    }
}

/// Sends everything that follows from the document, and answers which operations did what was asked.
#[expect(clippy::print_stdout, reason = "how much was tried is for people")]
fn run(role: &str) -> Option<(Vec<String>, Vec<String>, Value)> {
    if !is_here() {
        return None;
    }
    let site = Site::new();
    let document = site.document();
    let output = site.fuzz(&document, role, &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "as {role}:\n{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for (operation, statuses) in site.counts() {
        let sum = |is: fn(u16) -> bool| -> u32 {
            statuses.iter().filter(|(status, _)| is(**status)).map(|(_, count)| count).sum()
        };
        let (succeeded, all) = (sum(|status| status < 400), sum(|_| true));
        println!("{role}: {operation}: {succeeded} of {all}");
        if succeeded == 0 { refused.push(operation) } else { done.push(operation) }
    }
    let described: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|row| row.as_object().unwrap().len())
        .sum();
    assert_eq!(done.len() + refused.len(), described, "not everything was tried");
    Some((done, refused, document))
}

#[test]
fn a_stranger_is_answered_as_described_and_let_into_nothing_that_needs_a_session() {
    let Some((done, _, document)) = run("stranger") else { return };
    assert!(20 < done.len(), "{done:?}");
    for operation in done {
        let (method, path) = operation.split_once(' ').unwrap();
        let security = &document["paths"][path][method.to_lowercase()]["security"];
        assert_eq!(*security, Value::Null, "{operation}");
    }
}

#[test]
fn a_user_is_answered_as_described_and_administers_nothing() {
    let Some((done, refused, _)) = run("user") else { return };
    let may = |operation: &String| {
        !operation.contains(" /admin/") || operation.ends_with("/admin/has-permission")
    };
    assert!(done.iter().all(may), "{done:?}");
    let refused: Vec<&String> = refused.iter().filter(|operation| may(operation)).collect();
    assert_eq!(refused, NEED_A_PROVIDER);
}

#[test]
fn an_administrator_is_answered_as_described() {
    let Some((_, refused, _)) = run("admin") else { return };
    assert_eq!(refused, NEED_A_PROVIDER);
}

#[test]
fn a_description_that_is_not_true_is_noticed() {
    if !is_here() {
        return;
    }
    let site = Site::new();
    let lies: [(&str, Lie); 3] = [
        ("Response violates schema", |ok| {
            ok["200"]["content"]["application/json"]["schema"]["properties"]["ok"]["const"] =
                false.into();
        }),
        ("Undocumented status code", |ok| {
            let answer = ok["200"].take();
            *ok = serde_json::json!({ "202": answer });
        }),
        ("Undocumented Content-Type", |ok| {
            ok["200"]["content"] =
                serde_json::json!({"text/plain": {"schema": {"type": "string"}}});
        }),
    ];
    for (said, lie) in lies {
        let mut document = site.document();
        lie(&mut document["paths"]["/ok"]["get"]["responses"]);
        let output = site.fuzz(&document, "stranger", &["--include-path", "/ok"]);
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && told.contains(said), "{said}: {told}");
    }
}

#[test]
fn the_document_passes_a_validator() {
    if !is_here() {
        return;
    }
    let site = Site::new();
    let served = site.folder.path("served.json");
    fs::write(&served, site.document().to_string()).unwrap();
    let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let validate = |file: &Path| {
        let output = python("openapi-spec-validator").args(["--errors", "all"]).arg(file).output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for file in [&served, &checked_in] {
        let (is_valid, said) = validate(file);
        assert!(is_valid, "{}: {said}", file.display());
    }
    let broken = site.folder.path("broken.json");
    let mut document = site.document();
    document["paths"]["/ok"]["get"]["responses"]["200"]["description"] = Value::Null;
    fs::write(&broken, document.to_string()).unwrap();
    assert!(!validate(&broken).0);
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi")
}

fn python(tool: &str) -> Command {
    Command::new(suite().join(".venv/bin").join(tool))
}

/// Whether this machine has the tools, found out once. With `BETTER_AUTH_OPENAPI=required` it must.
fn is_here() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    let required = env::var_os("BETTER_AUTH_OPENAPI").is_some_and(|value| value == "required");
    let found = FOUND.get_or_init(|| {
        let read = |file: &str| fs::read(suite().join(file)).ok();
        let found = read(".venv/.installed") == read("requirements.txt")
            && python("schemathesis").arg("--version").output().is_ok();
        if !found && !required {
            // Not `eprintln!`: the harness keeps that back for tests that pass.
            let line = "\nSKIPPED: the openapi suite. Its tests end at once and compare nothing with the document: \
                        there is no schemathesis. To run them: tests/openapi/install\n\n";
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
        found
    });
    assert!(*found || !required, "BETTER_AUTH_OPENAPI=required, but there is no schemathesis");
    *found
}
