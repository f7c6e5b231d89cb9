//! `docs/dependencies.md`: which crates the program is made of, and why each of them is there. `UPDATE=1 cargo it
//! dependencies` rewrites it; the reasons stand here.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::generated::check;

/// Every dependency of `Cargo.toml` that is no dependency of tests, and what would be missing without it.
const REASONS: &[(&str, &str)] = &[
    ("aes", "the cookie cache as `jwe`, in the form that Better Auth reads"),
    ("argon2", "password hashes of new databases"),
    ("base64", "cookies, tokens and keys"),
    ("base64ct", "the base64 of phpass and md5crypt; argon2 has it anyway"),
    ("bcrypt", "password hashes of other systems"),
    ("bytes", "bodies that engines hand over without copying them"),
    ("cbc", "as `aes`"),
    (
        "chacha20poly1305",
        "tokens of providers and states at rest, in the form that Better Auth reads",
    ),
    ("chrono", "RFC 3339 to milliseconds and back"),
    ("clap", "the command line"),
    ("clap_complete", "`completions`"),
    ("comfy-table", "`--output table`"),
    ("csv", "`--output csv`"),
    ("ctr", "Firebase's password hashes, with `aes`"),
    ("dialoguer", "asking for a password without showing it"),
    ("hex", "what is sealed at rest, and scrypt's hashes"),
    ("hkdf", "one key per purpose out of the secret"),
    ("hmac", "signatures of cookies, tokens and webhooks"),
    ("http", "requests and responses in the types of every Rust server"),
    ("http-body-util", "bodies with a limit, for hyper"),
    ("hyper", "the default engine"),
    ("hyper-util", "its timers and its draining"),
    ("indexmap", "fields and options in the order in which they were written"),
    ("indicatif", "the bar of `db copy`"),
    ("ipnet", "networks in `trustedProxies`, and those that are never asked"),
    ("lettre", "SMTP with TLS"),
    ("md-5", "phpass and md5crypt; PostgreSQL's driver has it anyway"),
    ("minijinja", "what messages and pages say"),
    ("pbkdf2", "password hashes of other systems; scrypt has it anyway"),
    ("percent-encoding", "cookies and links as JavaScript escapes them"),
    ("rand", "ids, tokens and codes from the system's generator"),
    ("redis", "`secondaryStorage`"),
    ("ring", "signatures of providers; TLS has it anyway"),
    ("rlimit", "as many connections as the system lets a server have, without unsafe code of ours"),
    ("rusqlite", "SQLite, built in"),
    (
        "rustix",
        "files that are opened without waiting for a pipe, and whose they are, without unsafe code of ours",
    ),
    ("rustls", "TLS to PostgreSQL; TLS to others has it anyway"),
    (
        "schemars",
        "JSON Schemas of the configuration and of operations, from their types and comments",
    ),
    ("scrypt", "Better Auth's password hashes, and those of other systems"),
    ("serde", "configuration, bodies and rows as types"),
    ("serde_json", "JSON"),
    ("serde_path_to_error", "the key that is wrong in a configuration"),
    ("sha-crypt", "password hashes of Unix"),
    ("sha1", "password hashes of other systems, with `pbkdf2`, and those of LDAP"),
    ("sha2", "SHA-256 and SHA-512 below the signatures"),
    ("signal-hook", "an orderly end at SIGTERM, whichever engine runs"),
    (
        "socket2",
        "deadlines of the socket to PostgreSQL, and the backlog of a server; tokio has it anyway",
    ),
    ("strsim", "\u{201c}did you mean\u{201d}"),
    ("subtle", "comparing secrets in constant time"),
    ("tiny_http", "the engine without a runtime, for loopback"),
    ("tokio", "what hyper runs on"),
    (
        "tokio-postgres",
        "PostgreSQL; the synchronous driver around it has no deadline for an answer",
    ),
    ("tokio-postgres-rustls", "TLS to PostgreSQL, with channel binding"),
    ("toml", "`better-auth.toml`"),
    ("tracing", "what is logged"),
    ("tracing-subscriber", "how it is written"),
    ("unicode-normalization", "passwords in one form (NFKC), as Better Auth hashes them"),
    ("ureq", "asking providers and webhooks, and the Rust client"),
    ("url", "URLs as browsers read them (WHATWG), which redirects are judged by"),
    ("uuid", "ids in the order of time"),
    ("webpki-roots", "certificates of authorities, for TLS to PostgreSQL"),
    ("whoami", "the name of the operating-system user who runs a command, for events"),
    ("zeroize", "secrets are wiped when they are dropped"),
];

/// What cargo knows of the tree, on the platform that releases are built for.
struct Tree {
    packages: BTreeMap<String, Package>,
    root: String,
}

struct Package {
    name: String,
    license: String,
    /// Ids of what it is built from; tests left out.
    needs: Vec<String>,
}

impl Tree {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--all-features", "--locked", "--offline"])
            .args(["--filter-platform=x86_64-unknown-linux-gnu", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or("unknown").to_owned();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let about = list(&metadata["packages"]).into_iter();
        let mut about: BTreeMap<String, Value> =
            about.map(|package| (text(&package["id"]), package)).collect();
        let packages = list(&metadata["resolve"]["nodes"]).into_iter().map(|node| {
            let id = text(&node["id"]);
            let package = about.remove(&id).unwrap();
            let needs = list(&node["deps"]).into_iter().filter(|needed| {
                list(&needed["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev")
            });
            let needs = needs.map(|needed| text(&needed["pkg"])).collect();
            let (name, license) = (text(&package["name"]), text(&package["license"]));
            (id, Package { name, license, needs })
        });
        Self { packages: packages.collect(), root: text(&metadata["resolve"]["root"]) }
    }

    fn direct(&self) -> &[String] {
        &self.packages[&self.root].needs
    }

    /// Everything that a package is built from, without itself.
    fn below<'a>(&'a self, id: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let needs = self.packages[id].needs.iter().map(String::as_str);
            open.extend(needs.filter(|needed| found.insert(*needed)));
        }
        found
    }
}

#[test]
fn the_list_of_dependencies_is_in_step() {
    let tree = Tree::read();
    let mut direct: Vec<&str> = tree.direct().iter().map(String::as_str).collect();
    direct.sort_by_key(|id| &tree.packages[*id].name);
    let names: Vec<&str> = direct.iter().map(|id| tree.packages[*id].name.as_str()).collect();
    let explained: Vec<&str> = REASONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, explained, "every dependency has its reason in tests/it/dependencies.rs");

    let all = tree.below(&tree.root);
    let mut text = format!(
        "# Dependencies\n\nWhat the program is built from on Linux with every feature: {} crates, {} of them chosen, the \
         others brought along. `cargo deny` holds the tree against `deny.toml`: licences, bans, sources, and no crate in \
         two versions but for the exceptions that stand there.\n\n## Chosen\n\n\
         | crate | licence | for | brings |\n|---|---|---|---|\n",
        all.len(),
        direct.len()
    );
    let mut because: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, (name, reason)) in direct.iter().zip(REASONS) {
        let below = tree.below(id);
        for needed in &below {
            because.entry(needed).or_default().insert(name);
        }
        writeln!(text, "| {name} | {} | {reason} | {} |", tree.packages[*id].license, below.len())
            .unwrap();
    }
    text.push_str("\n## Brought along\n\n| crate | licence | by |\n|---|---|---|\n");
    let mut others: Vec<&str> = all.into_iter().filter(|id| !direct.contains(id)).collect();
    others.sort_by_key(|id| &tree.packages[*id].name);
    for id in others {
        let Package { name, license, .. } = &tree.packages[id];
        let by: Vec<&str> = because[id].iter().copied().collect();
        writeln!(text, "| {name} | {license} | {} |", by.join(", ")).unwrap();
    }
    check("docs/dependencies.md", &text);
}

#[test]
fn every_dependency_is_used() {
    fn read(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut sources = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    for (name, _) in REASONS {
        // The one library that is not called as its package.
        let library = if *name == "md-5" { "md5" } else { name };
        let path = format!("{}::", library.replace('-', "_"));
        assert!(sources.contains(&path), "{name} is in Cargo.toml, and nothing uses it");
    }
}
