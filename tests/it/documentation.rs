//! The README's tour, run as it stands: every `sh` block, one after the other, in a folder of its own.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");

#[test]
fn the_tour_of_the_readme_runs_as_it_is_written() {
    let blocks: Vec<&str> =
        README.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
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
    assert!(stderr.contains("done: 1 session ended"), "{stderr}");
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
    let mut tests = BTreeSet::new();
    tests_below(&root.join("src"), &mut tests);
    tests_below(&root.join("tests"), &mut tests);
    let mut listed = BTreeSet::new();
    for name in SECURITY.lines().flat_map(named) {
        assert!(tests.contains(name), "docs/security.md names {name}, which is no test");
        listed.insert(name);
    }
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
