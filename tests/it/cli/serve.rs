//! `serve`

use serde_json::json;

use crate::harness::Folder;
use crate::harness::server::Server;
use crate::harness::until;

#[test]
fn one_command_makes_the_database_and_the_secret_and_signs_people_up() {
    for engine in ["hyper", "tiny-http"] {
        let folder = Folder::new();
        let mut server = Server::start(&folder, &["--engine", engine]);
        let body = json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse"});
        let answer = server.post("/sign-up/email", &body);
        assert_eq!(answer.status(), 200, "{engine}");
        let cookie = crate::harness::server::cookie(&answer);
        assert!(server.get("/get-session", &cookie).contains("ada@example.com"));
        server.signal("TERM");
        assert_eq!(server.wait().code(), Some(0), "{engine}");

        // The secret was kept: the cookie outlives the process.
        let mut server = Server::start(&folder, &["--engine", engine]);
        assert!(server.get("/get-session", &cookie).contains("ada@example.com"));
        server.signal("INT");
        assert_eq!(server.wait().code(), Some(0), "{engine}");
    }
}

#[test]
fn a_second_signal_does_not_wait_for_what_runs() {
    use std::io::Write as _;
    let folder = Folder::migrated();
    let mut server = Server::start(&folder, &[]);
    let at = server.url.trim_start_matches("http://").trim_end_matches("/api/auth");
    // A body that never ends is a request that runs.
    let mut slow = std::net::TcpStream::connect(at).unwrap();
    let head = "POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 9\r\n\r\n{";
    slow.write_all(head.as_bytes()).unwrap();
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    server.signal("INT");
    // The first one has arrived when nobody is let in any more.
    until("nobody is let in", || std::net::TcpStream::connect(at).is_err());
    server.signal("INT");
    assert_eq!(server.wait().code(), Some(130));
}

#[test]
fn an_existing_database_is_migrated_only_when_it_is_said_so() {
    let folder = Folder::migrated();
    let database = folder.database();
    database.write(|tx| tx.execute(r#"DROP INDEX "account_userId_idx""#, &[])).unwrap();
    folder.run(&["serve", "--port", "0"]).failed(5, "or start with --migrate");
    let server = Server::start(&folder, &["--migrate"]);
    assert_eq!(server.get("/ok", ""), r#"{"ok":true}"#);
    drop(server);
    folder.run(&["migrate", "status"]).succeeded();
}

#[test]
fn what_cannot_be_listened_on_is_explained() {
    let folder = Folder::migrated();
    let server = Server::start(&folder, &[]);
    let port = server.url.split([':', '/']).nth(4).unwrap().to_owned();
    folder.run(&["serve", "--port", &port]).failed(1, "is in use by another program");
    folder
        .run(&["serve", "--host", "no.such.host.invalid"])
        .failed(1, "cannot resolve no.such.host.invalid");
    let public = ["serve", "--engine", "tiny-http", "--host", "0.0.0.0", "--port", "0"];
    folder.run(&public).failed(1, "serves this machine only");
    folder.run(&["serve", "--port", "99999"]).failed(2, "invalid value");
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::on_file();
    folder.run(&["migrate"]).succeeded();
    let file = folder.path("better-auth.secret");
    std::fs::write(&file, "x".repeat(40)).unwrap();
    // Whatever the umask is: without this the server may start.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    folder.run(&["serve", "--port", "0"]).failed(2, "chmod 600");
}

#[test]
fn a_log_in_json_shows_what_a_terminal_would_obey() {
    let folder = Folder::migrated_file();
    folder.create_user("ada@example.com");
    let trigger = "CREATE TRIGGER \"no\" BEFORE INSERT ON \"session\"
        BEGIN SELECT RAISE(ABORT, 'no\u{9b}2J\u{202e}'); END";
    let done = folder.database().write(|tx| tx.execute(trigger, &[]));
    done.unwrap_or_else(|error: better_auth::database::DatabaseError| panic!("{error}"));
    let server = Server::start(&folder, &["--log-format", "json"]);
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    assert_eq!(server.post("/sign-in/email", &body).status(), 422);
    until("the log has it", || server.log().contains("CONSTRAINT_VIOLATION"));
    let log = server.log();
    assert!(log.contains("no\\u009b2J\\u202e") && !log.contains(['\u{9b}', '\u{202e}']), "{log}");
}

/// A name that leads to a pipe to which nobody writes.
fn pipe(folder: &Folder, name: &str) {
    let made = std::process::Command::new("mkfifo").arg(folder.path(name)).status();
    assert!(made.unwrap().success());
}

#[test]
fn a_secret_that_is_no_file_stops_the_start_at_once() {
    let folder = Folder::migrated_file();
    pipe(&folder, "better-auth.secret");
    folder.run(&["serve", "--port", "0"]).failed(2, "it is no regular file");
}

#[test]
fn a_secret_that_another_user_put_there_is_not_believed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::migrated_file();
    let file = folder.path("better-auth.secret");
    std::fs::write(&file, folder.run(&["secret", "generate"]).succeeded().stdout).unwrap();
    let owner = |name: &str, owner: &str| {
        let path = folder.path(name);
        std::process::Command::new("chown").arg(owner).arg(path).status().unwrap().success()
    };
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    // Only root can give a file away.
    if !owner("better-auth.secret", "65534") {
        return;
    }
    let serve = ["serve", "--port", "0"];
    folder.run(&serve).failed(2, "it belongs to another user than this one, root, and the owner");
    // A service has a user of its own, and root looks after it.
    assert!(owner("better-auth.db", "65534"));
    folder.run(&["mail", "test", "ada@example.com"]);
    drop(Server::start(&folder, &[]));
}

#[test]
fn a_configuration_that_another_user_put_there_is_not_believed_unless_it_is_named() {
    let folder = Folder::migrated();
    let owner = |name: &str, owner: &str| {
        let path = folder.path(name);
        std::process::Command::new("chown").arg(owner).arg(path).status().unwrap().success()
    };
    for name in ["better-auth.toml", "better-auth.json"] {
        drop(std::fs::remove_file(folder.path("better-auth.toml")));
        drop(std::fs::remove_file(folder.path("better-auth.json")));
        std::fs::write(folder.path(name), if name.ends_with("json") { "{}" } else { "" }).unwrap();
        folder.run(&["info"]).succeeded();
        // Only root can give a file away.
        if !owner(name, "65534") {
            return;
        }
        for words in [&["info"][..], &["users", "list"], &["serve", "--port", "0"]] {
            folder.run(words).failed(2, "it belongs to another user than this one and root");
        }
        folder.run(&["info", "--config", name]).succeeded();
        // Who owns the folder, or a database beside it, changes nothing.
        assert!(owner("", "65534"));
        folder.run(&["info"]).failed(2, "it belongs to another user than this one and root");
        assert!(owner("", "0"));
    }
}

#[test]
fn a_secret_that_can_be_guessed_is_said_and_one_that_everybody_knows_is_refused() {
    for (secret, said) in [
        ("better-auth-secret-12345678901234567890", "secret: is Better Auth's public default"),
        ("better-auth-secret-12345678901234567890 ", "secret: is Better Auth's public default"),
        ("\tBetter-Auth-SECRET-12345678901234567890\n", "secret: is Better Auth's public default"),
        (" \t ", "secret: is empty"),
    ] {
        let known = Folder::migrated_file().with("BETTER_AUTH_SECRET", secret);
        known.run(&["serve", "--port", "0"]).failed(2, said);
    }
    for (secret, said) in [
        ("hunter2", "secret: is shorter than 32 characters and can be guessed"),
        (&"x".repeat(64), "has too little variety and can be guessed"),
        ("0123456789abcdef0123456789abcdef", "has too little variety and can be guessed"),
        ("12345678901234567890123456789012345", "has too little variety and can be guessed"),
    ] {
        let folder = Folder::migrated_file().with("BETTER_AUTH_SECRET", secret);
        let server = Server::start(&folder, &[]);
        assert!(server.log().contains(said), "{}", server.log());
        assert!(!server.log().contains(secret), "{}", server.log());
    }
    let generated = Folder::new().run(&["secret", "generate"]).succeeded().stdout;
    let folder = Folder::migrated_file().with("BETTER_AUTH_SECRET", generated.trim());
    assert!(!Server::start(&folder, &[]).log().contains("guessed"));
}

#[test]
fn what_a_server_reads_at_its_start_neither_hangs_nor_fills_the_memory() {
    let folder = Folder::migrated();
    pipe(&folder, "breached.txt");
    std::fs::create_dir(folder.path("templates")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path("templates/verification.txt")).unwrap();
    for (config, said) in [
        (
            json!({"plugins": {"have-i-been-pwned": {"list": "breached.txt"}}}),
            "it is no regular file",
        ),
        (
            json!({"email": {"transport": "file", "templates": "templates"}}),
            "verification.txt: it has more than 1048576 bytes",
        ),
    ] {
        folder.configure(&config);
        let ran = folder.run(&["serve", "--port", "0"]);
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
}
