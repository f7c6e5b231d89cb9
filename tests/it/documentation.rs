//! What the README shows, run as it stands in a folder of its own: its tour, and every other block.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use better_auth::Config;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;

const README: &str = include_str!("../../README.md");

#[test]
fn the_tour_of_the_readme_runs_as_it_is_written() {
    let blocks = blocks("sh");
    assert_eq!(blocks.len(), 4);
    // The port that everybody uses may be in use here.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let tour = blocks.concat().replace("3000", &free);
    let script = format!("set -eu\ntrap 'kill $(jobs -p)' EXIT\n{tour}");

    let folder = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_better-auth"));
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_path_buf()).chain(std::env::split_paths(&path)),
    );
    // What the tour starts ends with it, at the latest after this time: nobody would wait for the shell alone.
    let output = Command::new("timeout")
        .args(["--kill-after=10", "300", "bash", "-c", &script])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path.unwrap())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains(r#""email":"ada@example.com""#), "{stdout}");
    assert!(stdout.contains("null"), "{stdout}");
    assert!(stdout.contains(r#""email": "admin@example.com""#), "{stdout}");
    assert!(stderr.contains("done: 1 session revoked"), "{stderr}");
}

/// The README's blocks in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let parts = README.split("```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix(language)?.strip_prefix('\n')).collect()
}

#[test]
fn every_block_of_the_readme_is_run_by_a_test() {
    let count = |language| blocks(language).len();
    let known: usize = ["sh", "console", "js", "rust", "toml"].map(count).iter().sum();
    assert_eq!(README.matches("```").count(), 2 * known);
}

#[test]
fn the_javascript_of_the_readme_runs_in_node_as_it_is_written() {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/node_modules");
    let required = std::env::var_os("BETTER_AUTH_ORACLE").is_some_and(|value| value == "required");
    if !packages.join("better-auth").exists() && !required {
        // Past the harness, which would swallow it.
        let skipped = "\nSKIPPED: the README's JavaScript. To run it: tests/oracle/install\n\n";
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    let server = Server::start(&folder, &[]);
    let port = server.address().port().to_string();
    let [script] = blocks("js")[..] else { panic!("there is one script") };
    std::fs::write(folder.path("script.mjs"), script.replace("3000", &port)).unwrap();
    std::os::unix::fs::symlink(packages, folder.path("node_modules")).unwrap();
    let output = Command::new("node").arg(folder.path("script.mjs")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "ada@example.com\n", "{output:?}");
}

#[test]
fn the_rust_of_the_readme_is_the_example_that_is_tested_with_the_library() {
    let library = include_str!("../../src/lib.rs");
    let example = library.split("//! ```\n").nth(1).unwrap();
    let lines = example.lines().map(|line| line.strip_prefix("//!").unwrap());
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let shown: Vec<&str> = lines.filter(|line| !line.starts_with("# ")).collect();
    assert_eq!(blocks("rust"), [format!("{}\n", shown.join("\n"))]);
}

#[test]
fn the_configuration_and_the_commands_of_the_readme_are_understood() {
    let [config] = blocks("toml")[..] else { panic!("there is one configuration") };
    let folder = Folder::new().with("BETTER_AUTH_SMTP_PASSWORD", "a password");
    std::fs::write(folder.path("shown.toml"), config).unwrap();
    let info = folder.run(&["info", "--config", "shown.toml"]).succeeded();
    assert!(info.stdout.contains("mail.example.com"), "{info:?}");

    folder.configure(&json!({
        "baseURL": "https://auth.example.com",
        "email": {"transport": "file"},
    }));
    folder.run(&["migrate"]).succeeded();
    let mut commands = 0;
    for line in blocks("console").concat().lines().filter_map(|line| line.strip_prefix("$ ")) {
        let mut words = line.split(' ');
        match words.next() {
            Some("better-auth") => drop(folder.run(&words.collect::<Vec<_>>()).succeeded()),
            Some("cargo") => assert_eq!(words.collect::<Vec<_>>(), ["run", "--", "serve"]),
            Some(script) => {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(script).exists(), "{line}");
            }
            None => {}
        }
        commands += 1;
    }
    assert_eq!(commands, 5);
}

/// Every number that `docs/security.md` must have a row for: those of the list of attacks [security 1.2 to 1.5].
const ATTACKS: &[(&str, u32)] = &[("A", 17), ("B", 8)];
const MENDED: &[&str] = &[
    "1.3 single use",
    "1.3 second factor",
    "1.3 origin",
    "1.3 administrators",
    "1.3 fresh state",
    "1.3 identity",
    "1.3 enumeration",
    "1.3 other requests",
    "1.4 relative places",
    "1.4 address patterns",
    "1.4 null origin",
    "1.4 purposes",
    "1.4 magic link",
    "1.4 verification",
    "1.4 passwords",
    "1.4 linking",
    "1.4 second factor",
    "1.4 device and phone",
    "1.4 codes by mail",
    "1.4 administrators",
    "1.4 organizations",
    "1.4 anonymous",
    "1.4 revoked for good",
    "1.4 secrets",
    "1.5 places",
    "1.5 proxy headers",
    "1.5 paths",
    "1.5 addresses",
    "1.5 cookies",
    "1.5 bodies",
    "1.5 authority",
];
const SECURITY: &str = include_str!("../../docs/security.md");

/// The names of all tests below a folder.
fn tests_below(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_below(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let tests = text.split("#[test]").skip(1);
            names.extend(tests.filter_map(|rest| {
                let (name, _) = rest.split_once("fn ")?.1.split_once('(')?;
                Some(name.to_owned())
            }));
        }
    }
}

/// The names in backticks that can only be those of tests.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| {
        3 <= text.matches('_').count()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    line.split('`').skip(1).step_by(2).filter(is_name)
}

#[test]
fn every_attack_is_listed_with_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed: BTreeSet<&str> = SECURITY.lines().flat_map(named).collect();
    let mut advisories = BTreeSet::new();
    tests_below(&root.join("tests/it/advisories"), &mut advisories);
    assert!(50 <= advisories.len(), "only {advisories:?}");
    for name in &advisories {
        assert!(listed.contains(name.as_str()), "docs/security.md does not name {name}");
    }
    let row = |id: &str| {
        let found = SECURITY.lines().find(|line| line.starts_with(&format!("| {id} | ")));
        found.unwrap_or_else(|| panic!("docs/security.md has no row {id}"))
    };
    let numbers = ATTACKS
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")));
    for id in numbers.chain(MENDED.iter().map(ToString::to_string)) {
        let line = row(&id);
        let is_absent = line.contains("not here");
        assert!(is_absent || named(line).next().is_some(), "{id} is shown by nothing: {line}");
    }
}

#[test]
fn every_test_that_a_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    tests_below(&root.join("src"), &mut tests);
    tests_below(&root.join("tests"), &mut tests);
    let mut count = 0;
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for name in text.lines().flat_map(named) {
            assert!(tests.contains(name), "{} names {name}, which is no test", path.display());
            count += 1;
        }
    }
    assert!(250 < count, "only {count}");
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    text.chars().filter(is_kept).collect::<String>().replace(' ', "-")
}

#[test]
fn every_link_between_the_documents_leads_to_a_page_and_a_heading() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.chain([root.join("README.md"), root.join("ARCHITECTURE.md")]);
    let mut count = 0;
    for page in pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = page.parent().unwrap().join(file);
            let target = if file.is_empty() { page.clone() } else { target };
            assert!(target.exists(), "{}: {link}", page.display());
            if !heading.is_empty() {
                let text = std::fs::read_to_string(&target).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(headings.any(|line| anchor(line) == heading), "{}: {link}", page.display());
            }
            count += 1;
        }
    }
    assert!(50 < count, "only {count}");
}

/// The table is written for people; its numbers are those of the program.
#[test]
fn the_limits_of_the_operations_manual_are_the_defaults() {
    let manual = include_str!("../../docs/operations.md");
    let config = Config::default();
    let (limits, lockout) = (&config.server.limits, &config.email_and_password.lockout);
    let kib = |bytes: usize| bytes / 1024;
    let rows = [
        format!(
            "`headerBytes`, `headers`, `headerTime` | {} KiB, {}, {} s |",
            kib(limits.header_bytes),
            limits.headers,
            limits.header_time.as_secs()
        ),
        format!("`targetBytes` | {} KiB |", kib(limits.target_bytes)),
        format!(
            "`bodyBytes`, `bodyTime` | {} MiB, {} s |",
            kib(kib(limits.body_bytes)),
            limits.body_time.as_secs()
        ),
        format!("`idleTime` | {} s |", limits.idle_time.as_secs()),
        format!("`requests` | {} |", limits.requests),
        format!("`writing` | {} |", limits.writing),
        format!("`asking` | {} |", limits.asking),
        format!("`passwordsWaiting` | {} |", limits.passwords_waiting),
        format!(
            "`rateLimit` | {} in {} s; 3 for",
            config.rate_limit.max,
            config.rate_limit.window.as_secs()
        ),
        format!("`emailAndPassword.lockout` | {} in an hour |", lockout.max_attempts),
        format!(
            "`oneTimeTokensPerClient` | {} in ten",
            thousands(limits.one_time_tokens_per_client)
        ),
        format!("`oneTimeTokens` | {} in ten", thousands(limits.one_time_tokens)),
        format!("`server.outbound` | {} s, 1 MiB |", config.server.outbound.time.as_secs()),
    ];
    for row in rows {
        assert!(manual.contains(&row), "the manual does not say: {row}");
    }
}

fn thousands(number: usize) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
