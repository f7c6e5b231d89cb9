//! A server that starts before its database does.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;

use serde_json::json;

use crate::harness::Cluster;
use crate::harness::Folder;
use crate::harness::Postgres;
use crate::harness::patience::PATIENCE;
use crate::harness::patience::ended;

const SECRET: &str = "a secret of at least thirty-two characters";

fn folder(url: &str, start_timeout: u32) -> Folder {
    let folder = Folder::on_file().with("DATABASE_URL", url).with("BETTER_AUTH_SECRET", SECRET);
    folder.configure(&json!({"database": {"startTimeout": start_timeout}}));
    folder
}

/// A server that may not listen yet, and what it says.
fn start(folder: &Folder) -> (Child, Receiver<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_better-auth"));
    command.env_clear().current_dir(folder.path(".")).args(["serve", "--port", "0"]);
    command.envs(folder.variables().iter().map(|(name, value)| (*name, value)));
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let (tell, said) = mpsc::channel();
    thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
    (child, said)
}

/// Waits for a line that holds this.
#[track_caller]
fn says(said: &Receiver<String>, text: &str) -> String {
    let mut before = Vec::new();
    loop {
        match said.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(text) => return line,
            Ok(line) => before.push(line),
            Err(why) => panic!("no {text} but {before:?}: {why}"),
        }
    }
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
}

#[test]
fn a_server_that_starts_while_its_database_is_away_waits_for_it() {
    let Some(mut cluster) = Cluster::start() else { return };
    let place = cluster.database();
    cluster.stop();
    let folder = folder(&place.url(), 3600);
    let (mut child, said) = start(&folder);
    let line = says(&said, "waiting for postgresql://");
    assert!(line.contains("3600 seconds at most") && !line.contains("tiger"), "{line}");
    cluster.start_again();
    says(&said, "listening on ");
    signal(&child, "TERM");
    assert_eq!(ended(&mut child, "the server").code(), Some(0));
}

#[test]
fn a_server_that_waits_for_its_database_is_stopped_by_a_signal() {
    let Some(mut cluster) = Cluster::start() else { return };
    let place = cluster.database();
    cluster.stop();
    let folder = folder(&place.url(), 3600);
    let (mut child, said) = start(&folder);
    says(&said, "waiting for ");
    signal(&child, "TERM");
    says(&said, "stopped");
    assert_eq!(ended(&mut child, "the server").code(), Some(0));
}

#[test]
fn a_database_that_stays_away_ends_the_start_and_one_that_refuses_is_not_waited_for() {
    let Some(place) = Postgres::database() else { return };
    let url = place.url();
    let port = url.split([':', '/']).nth(5).unwrap().to_owned();
    let nowhere = url.replace(&port, "1");
    for (url, start_timeout, waits) in [
        (nowhere.clone(), 0, false),
        (nowhere, 1, true),
        (url.replace("tiger%20tiger", "hunter2"), 3600, false),
        (url.replace("/test", "/nowhere"), 3600, false),
    ] {
        let ran = folder(&url, start_timeout).run(&["serve", "--port", "0"]);
        let ran = ran.failed(1, "The database is not available");
        assert_eq!(ran.stderr.contains("waiting for "), waits, "{ran:?}");
    }
}
