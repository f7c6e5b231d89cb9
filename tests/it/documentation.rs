//! The README's tour, run as it stands: every `sh` block, one after the other, in a folder of its own.

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
    let output = Command::new("bash")
        .args(["-c", &script])
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
