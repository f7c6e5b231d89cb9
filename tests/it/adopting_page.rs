//! The commands of `docs/adopting.md`, run as they stand on a database of the tool that their section is about.

use better_auth::config::Config;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Postgres;
use crate::harness::server::Server;

const PAGE: &str = include_str!("../../docs/adopting.md");

/// The commands of a section, each with the lines that it is to print.
fn commands(section: &str) -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    let (_, rest) = PAGE.split_once(&format!("\n## {section}")).unwrap();
    let section = rest.split_once("\n## ").map_or(rest, |(section, _)| section);
    let (_, block) = section.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let mut commands: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in block.lines() {
        match line.strip_prefix("$ better-auth ") {
            Some(command) => commands.push((command.split(' ').collect(), Vec::new())),
            None => commands.last_mut().unwrap().1.push(line),
        }
    }
    assert!(commands.len() >= 3, "{commands:?}");
    commands
}

fn run(folder: &Folder, section: &str, url: Option<&str>) {
    for (mut words, said) in commands(section) {
        assert_eq!(words[0], "--database");
        if let Some(url) = url {
            words[1] = url;
        }
        if words[2] == "serve" {
            // On a port that is free.
            let server = Server::start(folder, &["--database", words[1]]);
            assert!(server.get("/ok", "").contains("true"));
            continue;
        }
        let ran = folder.run(&words).succeeded();
        let all = [ran.stdout.as_str(), &ran.stderr].concat();
        for line in said {
            assert!(all.contains(line), "{words:?}: {line}: {all}");
        }
        if words.contains(&"list") {
            assert!(ran.stdout.contains("ada@example.com"), "{words:?}: {ran:?}");
        }
    }
}

/// A folder with the tables of this configuration in `app.db`, changed by statements, and one user.
fn made(config: &serde_json::Value, changes: &[&str]) -> Folder {
    let folder =
        Folder::on_file().with("BETTER_AUTH_SECRET", "the secret of the other server, long enough");
    folder.configure(config);
    folder.run(&["--database", "sqlite:app.db", "migrate"]).succeeded();
    let create = ["--database", "sqlite:app.db", "create-user", "ada@example.com", "--no-password"];
    folder.run(&create).succeeded();
    std::fs::remove_file(folder.path("better-auth.json")).unwrap();
    let database = Database::sqlite(folder.path("app.db"), better_auth::database::Clock::SYSTEM);
    let done: Result<(), DatabaseError> =
        database.write(|tx| changes.iter().try_for_each(|sql| tx.execute(*sql, &[]).map(drop)));
    done.unwrap();
    folder
}

#[test]
fn the_commands_for_better_auths_own_tables_run() {
    run(&made(&json!({}), &[]), "Better Auth's own migration (Kysely)", None);
}

#[test]
fn the_commands_for_drizzle_run() {
    let folder = made(
        &json!({"database": {"casing": "snake", "usePlural": true}}),
        &[
            "CREATE TABLE __drizzle_migrations (id integer PRIMARY KEY)",
            "UPDATE users SET created_at = 1793527200123, updated_at = 1793527200123",
        ],
    );
    run(&folder, "Drizzle", None);
}

#[test]
fn the_commands_for_prisma_run() {
    let folder = made(
        &json!({}),
        &[
            "CREATE TABLE _prisma_migrations (id text PRIMARY KEY)",
            r#"UPDATE "user" SET "createdAt" = 1793527200123, "updatedAt" = 1793527200123"#,
        ],
    );
    run(&folder, "Prisma", None);
}

#[test]
fn the_commands_for_supabase_run() {
    let Some(place) = Postgres::database() else { return };
    let made: Result<u64, DatabaseError> =
        place.open().write(|tx| tx.execute("CREATE SCHEMA members", &[]));
    made.unwrap();
    let separator = if place.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{separator}schema=members", place.url());
    let folder =
        Folder::on_file().with("BETTER_AUTH_SECRET", "the secret of the other server, long enough");
    folder.run(&["--database", &url, "migrate", "--yes"]).succeeded();
    folder
        .run(&["--database", &url, "create-user", "ada@example.com", "--no-password"])
        .succeeded();
    run(&folder, "Supabase", Some(&url));
    let unnamed = folder.run(&["--database", &place.url(), "adopt", "--json"]).succeeded().json();
    assert_eq!(unnamed["configuration"]["database"]["schema"], "members", "{unnamed}");
    let second = ["--database", &place.url(), "create-user", "ben@example.com", "--no-password"];
    folder.run(&second).failed(1, r#"database.schema = "members""#);
}

#[test]
fn the_configuration_of_the_page_is_understood() {
    let blocks = PAGE.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap());
    for block in blocks {
        let folder = Folder::on_file();
        std::fs::write(folder.path("shown.toml"), block).unwrap();
        let overrides = better_auth::config::Overrides {
            config: Some(folder.path("shown.toml")),
            ..better_auth::config::Overrides::default()
        };
        Config::load(&overrides).unwrap();
    }
}
