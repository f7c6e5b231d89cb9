//! Global options, configuration, exit codes, `info`, `secret`, `completions`.

use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;

#[test]
fn help_names_the_commands_the_environment_and_the_exit_codes() {
    let ran = Folder::new().run(&["--help"]).succeeded();
    for expected in ["create-user", "BETTER_AUTH_SECRET", "130  interrupted", "Examples:"] {
        assert!(ran.stdout.contains(expected), "{expected}");
    }
    assert_eq!(ran.stderr, "");
    Folder::new().run(&[]).failed(2, "Usage: better-auth");
    Folder::new().run(&["nonsense"]).failed(2, "unrecognized subcommand");
}

#[test]
fn a_configuration_that_cannot_be_used_is_a_usage_error() {
    let folder = Folder::new();
    std::fs::write(folder.path("better-auth.toml"), "[session]\nexpiresIn = '7d'").unwrap();
    folder.run(&["info"]).failed(
        2,
        "error: better-auth.toml: session.expiresIn: expected seconds (a whole number), got string \"7d\"",
    );
    folder.run(&["info", "--config", "no.toml"]).failed(2, "no.toml: cannot be read");
    let ran = folder.run(&["info", "--json"]).failed(2, "expiresIn");
    let last = ran.stderr.lines().last().unwrap();
    let error: Value = serde_json::from_str(last).unwrap();
    assert_eq!((&error["code"], &error["exit"]), (&json!("CONFIG_INVALID"), &json!(2)));
    let mysql = Folder::new().with("DATABASE_URL", "mysql://root:hunter2@db/app");
    let ran = mysql.run(&["info"]).failed(2, "DATABASE_URL: database.url: expected sqlite:FILE");
    assert!(!ran.stderr.contains("hunter2"));
}

#[test]
fn a_configuration_that_never_ends_or_never_comes_is_refused() {
    let folder = Folder::new();
    folder.run(&["info", "--config", "/dev/zero"]).failed(2, "it has more than 1048576 bytes");
    folder.run(&["info", "--config", "/dev/null"]).succeeded();
    let pipe = folder.path("better-auth.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    folder.run(&["info"]).failed(2, "nobody wrote to it within 10 seconds");
    std::thread::scope(|scope| {
        scope.spawn(|| std::fs::write(&pipe, "appName = 'piped'").unwrap());
        let info = folder.run(&["info", "--json"]).succeeded().json();
        assert_eq!(info["config"]["appName"], "piped");
    });
    std::fs::remove_file(&pipe).unwrap();
    std::os::unix::fs::symlink("gone.toml", &pipe).unwrap();
    folder.run(&["info"]).failed(2, "better-auth.toml: cannot be read");
}

#[test]
fn a_database_that_cannot_be_meant_is_refused_by_every_command_and_not_repeated() {
    for url in [
        "postgres:u:hunter2@h",
        "host=h user=u password=hunter2",
        "Postgres://u:hunter2@h/d",
        "postgres://u:hunter2",
        "postgres://u:a?hunter2@h/d",
        "mysql://u:hunter2@h/d",
        "u:hunter2@h/d",
        "sqlite://u:hunter2@h/d",
    ] {
        let (flag, variable) = (Folder::on_file(), Folder::on_file().with("DATABASE_URL", url));
        let file = Folder::on_file();
        file.configure(&json!({"database": {"url": url}}));
        let copy = ["db", "copy", "--to", url];
        let mut all = vec![flag.run(&copy)];
        for words in [
            &["info"][..],
            &["info", "--json"],
            &["migrate"],
            &["serve", "--port", "0"],
            &["users", "list"],
        ] {
            let given = [words, &["--database", url]].concat();
            all.extend([flag.run(&given), variable.run(words), file.run(words)]);
        }
        for ran in all {
            let ran = ran.failed(2, "database.url");
            assert!(!format!("{ran:?}").contains("hunter2"), "{url}: {ran:?}");
        }
        for folder in [flag, variable] {
            let mut made = std::fs::read_dir(folder.path(".")).unwrap();
            assert!(made.next().is_none(), "{url} made a file");
        }
    }
}

#[test]
fn a_word_too_many_is_not_repeated() {
    let folder = Folder::new();
    for words in [
        &["users", "set-password", "ada@example.com", "hunter2"][..],
        &["users", "create", "ada@example.com", "hunter2", "--json"],
        &["users", "create", "ada@example.com", "--pasword=hunter2"],
        &["users", "create", "ada@example.com", "--no-password", "--field", "hunter2"],
    ] {
        let ran = folder.run(words).failed(2, "");
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn programs_are_told_of_wrong_words_too() {
    for (words, message) in [
        (&["users", "list", "--limit", "x", "--json"][..], "invalid value 'x' for '--limit <N>'"),
        (&["-o", "json", "nonsense"], "unrecognized subcommand"),
        (&["--json"], "a command is required"),
        (
            &["--output=json", "users", "update", "ada"],
            "the following required arguments were not provided",
        ),
    ] {
        let ran = Folder::new().run(words).failed(2, "");
        let last = ran.stderr.lines().last().unwrap();
        let error: Value = serde_json::from_str(last).unwrap();
        assert_eq!((&error["code"], &error["exit"]), (&json!("USAGE"), &json!(2)));
        let said = error["message"].as_str().unwrap();
        assert!(said.starts_with(message), "{said}");
    }
    let help = Folder::new().run(&["--help", "--color", "always"]);
    assert!(help.succeeded().stdout.contains("\x1b["));
}

#[test]
fn info_is_csv_where_that_is_asked_for() {
    let csv = Folder::new().run(&["info", "--output", "csv"]).succeeded();
    assert!(csv.stdout.starts_with("name,value\nversion,"), "{csv:?}");
}

#[test]
fn a_json_file_carries_the_same_options() {
    let folder = Folder::on_file();
    std::fs::write(
        folder.path("better-auth.json"),
        r#"{"database": {"url": "other.db"}, "session": {"expiresIn": 60}}"#,
    )
    .unwrap();
    let info = folder.run(&["info", "--json"]).succeeded().json();
    assert_eq!(info["database"], "other.db (configuration file)");
    assert_eq!(info["config"]["session"]["expiresIn"], 60);
    let info = folder.run(&["--database", "flag.db", "info", "--json"]).succeeded().json();
    assert_eq!(info["database"], "flag.db (--database)");
}

#[test]
fn info_shows_no_secret() {
    let secret = "a secret that is long enough to sign with";
    let folder = Folder::new().with("BETTER_AUTH_SECRET", secret);
    for words in [&["info"][..], &["info", "--json"]] {
        let ran = folder.run(words).succeeded();
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret));
        assert!(ran.stdout.contains("configured"), "{ran:?}");
    }
    assert!(!folder.path("better-auth.db").exists(), "looking changes nothing");
}

#[test]
fn secrets_are_long_and_new_each_time() {
    let folder = Folder::new();
    let [one, two] = [(); 2].map(|()| folder.run(&["secret", "generate"]).succeeded().stdout);
    assert!(40 <= one.trim().len());
    assert_ne!(one, two);
    let json = folder.run(&["secret", "generate", "--json"]).succeeded().json();
    assert!(json["secret"].is_string());
}

#[test]
fn every_shell_gets_a_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Folder::new().run(&["completions", shell]).succeeded();
        assert!(ran.stdout.contains("set-password"), "{shell}");
    }
    Folder::new().run(&["completions", "tcsh"]).failed(2, "invalid value");
}

/// Whatever a terminal obeys: an escape, its short form, a bell, a new line, and what turns a text around.
const TRICKS: &str = "\u{1b}]0;x\u{7}\u{9b}2J\u{7f}\t\r\n\u{202e}=1";

#[test]
fn nothing_that_is_stored_reaches_a_terminal_as_it_is() {
    let folder = Folder::migrated();
    let id = folder.create_user("ada@example.com")["id"].as_str().unwrap().to_owned();
    folder.run(&["users", "update", &id, "--name", TRICKS, "--image", TRICKS]).succeeded();
    let now = better_auth::database::Clock::SYSTEM.now();
    let later = now.after(std::time::Duration::from_secs(3600));
    let database = folder.database();
    let session = r#"INSERT INTO "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId")
        VALUES ($1, $2, 'token', $3, $3, $4, $4, $5)"#;
    let account = r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "scope", "createdAt", "updatedAt")
        VALUES ($1, $2, $2, $3, $2, $4, $4)"#;
    database
        .write(|tx| {
            let session_params =
                ["s".into(), later.into(), now.into(), TRICKS.into(), id.as_str().into()];
            tx.execute(session, &session_params)?;
            tx.execute(account, &["a".into(), TRICKS.into(), id.as_str().into(), now.into()])
        })
        .unwrap_or_else(|error: better_auth::database::DatabaseError| panic!("{error}"));
    for form in ["table", "csv", "json"] {
        for words in [
            &["users", "list"][..],
            &["users", "show", &id],
            &["users", "update", &id, "--verified"],
            &["sessions", "list"],
            &["accounts", "list", "--user", &id],
            &["accounts", "unlink", "none\u{1b}[2J", "--user", &id],
        ] {
            let ran = folder.run(&[words, &["--output", form]].concat());
            let all = format!("{}{}", ran.stdout, ran.stderr);
            let is_trick = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!all.contains(is_trick), "{words:?} {form}: {all:?}");
        }
        let listed = folder.run(&["users", "list", "--output", form]).succeeded().stdout;
        if form == "json" {
            // It has escapes of its own, so the value is what it was.
            let listed: Value = serde_json::from_str(&listed).unwrap();
            assert_eq!(listed["users"][0]["name"], TRICKS);
        } else {
            assert_eq!(listed.lines().count(), 2, "a record is a line: {listed}");
            let shown = r"\u{1b}]0;x\u{7}\u{9b}2J\u{7f}\u{9}\u{d}\u{a}\u{202e}=1";
            assert!(listed.contains(shown), "{listed}");
        }
    }
}

#[test]
fn quiet_says_nothing_but_data() {
    let folder = Folder::new();
    let ran = folder.run(&["migrate", "--quiet"]).succeeded();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = folder.run(&["users", "list", "-q"]).succeeded();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[test]
fn colours_appear_only_where_they_are_asked_for() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    assert!(!folder.run(&["users", "list"]).stdout.contains('\x1b'));
    assert!(folder.run(&["users", "list", "--color", "always"]).stdout.contains("\x1b["));
}

#[test]
fn variables_of_the_frameworks_around_it_name_no_address() {
    let others = ["NEXT_PUBLIC_BETTER_AUTH_URL", "BASE_URL", "NUXT_PUBLIC_AUTH_URL", "AUTH_URL"];
    let folder = others
        .into_iter()
        .fold(Folder::new(), |folder, name| folder.with(name, "https://a.example"));
    let shown = |folder: &Folder| {
        folder.run(&["info", "--json"]).succeeded().json()["config"]["baseURL"].clone()
    };
    assert_eq!(shown(&folder), Value::Null);
    let folder = folder.with("BETTER_AUTH_URL", "https://auth.example.com");
    assert_eq!(shown(&folder), "https://auth.example.com");
}

#[test]
fn a_token_in_the_url_of_a_webhook_is_shown_by_nothing() {
    for url in
        ["https://hooks.example/services/T0/hunter2", "https://u:hunter2@hooks.example?k=hunter2"]
    {
        let folder = Folder::migrated();
        folder.configure(&json!({"baseURL": "http://localhost:3000", "email": {
            "transport": "webhook", "from": "a@b.co", "webhook": {"url": url, "secret": "x".repeat(40)},
        }}));
        for words in [&["info"][..], &["info", "--json"]] {
            let shown = folder.run(words).succeeded();
            assert!(shown.stdout.contains("https://hooks.example/…"), "{}", shown.stdout);
            assert!(!shown.stdout.contains("hunter2"), "{}", shown.stdout);
        }
    }
}
