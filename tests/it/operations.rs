//! Operations: every row means the same typed, as JSON and as a command.

use std::collections::BTreeSet;
use std::fs;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ListSessions;
use better_auth::ListUsers;
use better_auth::NewUser;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Secret;
use better_auth::codes;
use better_auth::config::Overrides;
use better_auth::operations::Outcome;
use better_auth::operations::accounts;
use better_auth::operations::accounts::UnlinkAccount;
use better_auth::operations::mail;
use better_auth::operations::providers;
use better_auth::operations::providers::CheckProviders;
use better_auth::operations::sessions;
use better_auth::operations::sessions::RevokeSessions;
use better_auth::operations::users;
use better_auth::operations::users::create::CreateUser;
use better_auth::operations::users::links::SendReset;
use better_auth::operations::users::passwords::NewPassword;
use better_auth::operations::users::passwords::SetPassword;
use serde_json::Value;
use serde_json::json;

use crate::harness::Folder;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

/// A deployment of which every other one is a copy.
fn original() -> Folder {
    let folder = Folder::on_file();
    folder.configure(&json!({
        "baseURL": "https://auth.example.com",
        "secret": "a secret of at least thirty-two characters",
        "account": {"accountLinking": {"allowUnlinkingAll": true}},
        "advanced": {"allowPrivateAddresses": true},
        // Nobody listens there.
        "email": {"transport": "webhook", "webhook": {"url": "http://127.0.0.1:9/", "secret": PASSWORD}},
        "socialProviders": {
            "gitlab": {"clientId": "id", "clientSecret": "secret", "issuer": "http://127.0.0.1:9"},
        },
        "user": {"additionalFields": {"age": {"type": "number", "required": false}}},
        "plugins": {"admin": {}},
    }));
    let auth = open(&folder);
    auth.migrate().unwrap();
    for (email, password) in
        [("ada@example.com", Some(Secret::new(PASSWORD))), ("bob@example.com", None)]
    {
        let new = NewUser { email: email.to_owned(), password, ..NewUser::default() };
        auth.api().create_user(&new).unwrap();
    }
    let request = Request::post("/api/auth/sign-in/email")
        .header("host", "auth.example.com")
        .header("content-type", "application/json")
        .body(json!({"email": "ada@example.com", "password": PASSWORD}).to_string().into());
    assert_eq!(auth.handle(request.unwrap(), Peer::unknown()).status(), 200);
    folder
}

fn open(folder: &Folder) -> BetterAuth {
    let database = format!("sqlite:{}", folder.path("better-auth.db").display());
    let config = Some(folder.path("better-auth.json"));
    let overrides = Overrides { config, database: Some(database) };
    BetterAuth::new(Config::load(&overrides).unwrap().config).unwrap()
}

fn copy(original: &Folder) -> Folder {
    let copy = Folder::on_file();
    for name in ["better-auth.db", "better-auth.json"] {
        fs::copy(original.path(name), copy.path(name)).unwrap();
    }
    copy
}

/// An output, or the code of the error, without what differs from run to run.
type Result = std::result::Result<Value, String>;

fn same(result: std::result::Result<Value, AuthError>) -> Result {
    result.map(steady).map_err(|error| error.code().name.to_owned())
}

fn steady(mut value: Value) -> Value {
    let fields =
        value.as_object_mut().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
    for (name, value) in fields {
        match name {
            "id" | "createdAt" | "updatedAt" | "expiresAt" | "banExpires" => *value = json!(name),
            _ => *value = steady(value.take()),
        }
    }
    if let Some(values) = value.as_array_mut() {
        for value in values {
            *value = steady(value.take());
        }
    }
    value
}

fn command(folder: &Folder, words: &str) -> Result {
    let words: Vec<&str> = words.split(' ').chain(["--json"]).collect();
    let ran = folder.run(&words);
    if ran.code == 0 {
        return Ok(steady(ran.json()));
    }
    let last = ran.stderr.lines().last().unwrap_or_default();
    let failure: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{ran:?}"));
    Err(failure["code"].as_str().unwrap().to_owned())
}

/// The name of a row, its input as JSON and as words, and another input with the code that refuses it.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "users.list",
        r#"{"limit": 1, "total": true, "search": "A"}"#,
        "users list --limit 1 --total --search A",
        r#"{"sort": "age"}"#,
        "VALIDATION_ERROR",
    ),
    (
        "users.show",
        r#"{"user": "ADA@example.com"}"#,
        "users show ADA@example.com",
        r#"{"user": "nobody@example.com"}"#,
        "USER_NOT_FOUND",
    ),
    (
        "users.create",
        r#"{"email": "eve@example.com", "verified": true}"#,
        "create-user eve@example.com --verified --no-password",
        r#"{"email": "ada@example.com"}"#,
        "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    ),
    (
        "users.update",
        r#"{"user": "ada@example.com", "name": "A"}"#,
        "users update ada@example.com --name A",
        r#"{"user": "ada@example.com", "email": "bob@example.com"}"#,
        "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    ),
    (
        "users.set-password",
        r#"{"user": "ada@example.com", "password": "another password"}"#,
        "users set-password ada@example.com",
        r#"{"user": "ada@example.com", "password": "short"}"#,
        "PASSWORD_TOO_SHORT",
    ),
    (
        "users.verify-email",
        r#"{"user": "ada@example.com", "send": true}"#,
        "users verify-email ada@example.com --send",
        r#"{"user": "ada@example.com", "send": true, "callbackURL": "https://evil.example"}"#,
        "INVALID_REDIRECT_URL",
    ),
    (
        "users.send-reset",
        r#"{"user": "ada@example.com"}"#,
        "users send-reset ada@example.com",
        r#"{"user": "ada@example.com", "redirectTo": "https://evil.example"}"#,
        "INVALID_REDIRECT_URL",
    ),
    (
        "users.invite",
        r#"{"email": "eve@example.com", "fields": {"age": 36}}"#,
        "users invite eve@example.com --field age=36",
        r#"{"email": "nonsense"}"#,
        "INVALID_EMAIL",
    ),
    (
        "users.unlock",
        r#"{"user": "bob@example.com"}"#,
        "users unlock bob@example.com",
        r#"{"user": "nobody@example.com"}"#,
        "USER_NOT_FOUND",
    ),
    (
        "users.delete",
        r#"{"users": ["ada@example.com", "bob@example.com", "ada@example.com"]}"#,
        "users delete ada@example.com bob@example.com --yes",
        r#"{"users": ["ada@example.com", "nobody"]}"#,
        "USER_NOT_FOUND",
    ),
    (
        "users.set-role",
        r#"{"user": "ada@example.com", "role": ["admin", "user"]}"#,
        "users set-role ada@example.com admin user",
        r#"{"user": "ada@example.com", "role": ["boss"]}"#,
        "VALIDATION_ERROR",
    ),
    (
        "users.ban",
        r#"{"user": "ada@example.com", "reason": "spam", "expiresIn": "7d"}"#,
        "users ban ada@example.com --reason spam --expires-in 7d",
        r#"{"user": "ada@example.com", "expiresIn": "soon"}"#,
        "VALIDATION_ERROR",
    ),
    (
        "users.unban",
        r#"{"user": "ada@example.com"}"#,
        "users unban ada@example.com",
        r#"{"user": "nobody@example.com"}"#,
        "USER_NOT_FOUND",
    ),
    (
        "sessions.list",
        r#"{"user": "ada@example.com"}"#,
        "sessions list --user ada@example.com",
        r#"{"user": "nobody"}"#,
        "USER_NOT_FOUND",
    ),
    (
        "sessions.revoke",
        r#"{"what": ["ada@example.com"]}"#,
        "revoke-sessions ada@example.com --yes",
        r#"{"what": ["nothing"]}"#,
        "USER_NOT_FOUND",
    ),
    (
        "accounts.list",
        r#"{"user": "ada@example.com"}"#,
        "accounts list --user ada@example.com",
        r#"{"user": "nobody"}"#,
        "USER_NOT_FOUND",
    ),
    (
        "accounts.unlink",
        r#"{"account": "credential", "user": "ada@example.com"}"#,
        "accounts unlink credential --user ada@example.com --yes",
        r#"{"account": "github", "user": "ada@example.com"}"#,
        "ACCOUNT_NOT_FOUND",
    ),
    ("providers.list", "{}", "providers list", "[]", "VALIDATION_ERROR"),
    (
        "providers.check",
        "{}",
        "providers check",
        r#"{"provider": "facebook"}"#,
        "PROVIDER_NOT_FOUND",
    ),
    (
        "mail.list",
        r#"{"status": "failed"}"#,
        "mail list --status failed",
        r#"{"status": "lost"}"#,
        "VALIDATION_ERROR",
    ),
    ("mail.retry", r#"{"all": true}"#, "mail retry --all", r#"{"message": "x"}"#, "NOT_FOUND"),
    ("mail.send", "{}", "mail send", "[]", "VALIDATION_ERROR"),
    (
        "mail.test",
        r#"{"email": "ada@example.com"}"#,
        "mail test ada@example.com",
        r#"{"email": "nonsense"}"#,
        "INVALID_EMAIL",
    ),
];

/// The same call as Rust makes it; the inputs of a plugin are its own.
fn typed(name: &str, auth: &BetterAuth) -> Option<Result> {
    let ada = || "ada@example.com".to_owned();
    let call = auth.call();
    Some(match name {
        "users.list" => {
            let search = Some("A".to_owned());
            let list = ListUsers { limit: 1, total: true, search, ..ListUsers::default() };
            output(users::list::LIST.run(&call, &list))
        }
        "users.show" => {
            output(users::list::SHOW.run(&call, &users::list::ShowUser { user: ada() }))
        }
        "users.create" => {
            let address = Some("eve@example.com".to_owned());
            let create = CreateUser { address, verified: true, ..CreateUser::default() };
            output(users::create::CREATE.run(&call, &create))
        }
        "users.set-password" => {
            let password = Some(Secret::new("another password"));
            let password = NewPassword { password, ..NewPassword::default() };
            let set = SetPassword { user: ada(), password, keep_sessions: false };
            output(users::passwords::SET_PASSWORD.run(&call, &set))
        }
        "users.send-reset" => {
            let reset = SendReset { user: ada(), redirect_to: None };
            output(users::links::SEND_RESET.run(&call, &reset))
        }
        "users.delete" => {
            let users = vec![ada(), "bob@example.com".to_owned()];
            output(users::delete::DELETE.run(&call, &users::delete::DeleteUsers { users }))
        }
        "sessions.list" => {
            let list = ListSessions { user: Some(ada()), ..ListSessions::default() };
            output(sessions::LIST.run(&call, &list))
        }
        "sessions.revoke" => {
            let revoke = RevokeSessions { what: vec![ada()], ..RevokeSessions::default() };
            output(sessions::REVOKE.run(&call, &revoke))
        }
        "accounts.list" => {
            output(accounts::LIST.run(&call, &accounts::ListAccounts { user: ada() }))
        }
        "accounts.unlink" => {
            let unlink = UnlinkAccount { account: "credential".to_owned(), user: ada() };
            output(accounts::UNLINK.run(&call, &unlink))
        }
        "providers.list" => output(providers::LIST.run(&call, &providers::ListProviders {})),
        "providers.check" => output(providers::CHECK.run(&call, &CheckProviders::default())),
        "mail.send" => output(mail::SEND.run(&call, &mail::SendMessages {})),
        "mail.test" => output(mail::TEST.run(&call, &mail::SendTestMessage { address: ada() })),
        _ => return None,
    })
}

fn output(result: std::result::Result<impl Outcome, AuthError>) -> Result {
    same(result.map(|output| json!(output)))
}

#[test]
fn every_row_does_the_same_typed_as_json_and_as_a_command() {
    let original = original();
    let names: BTreeSet<&str> = open(&original).operations().map(|row| row.about().name).collect();
    assert_eq!(names, CASES.iter().map(|case| case.0).collect());
    for (name, input, words, refused, code) in CASES {
        let [input, refused]: [Value; 2] =
            [input, refused].map(|text| serde_json::from_str(text).unwrap());
        let as_json = same(open(&copy(&original)).run(name, input.clone()));
        let folder = copy(&original).with("BETTER_AUTH_PASSWORD", "another password");
        assert_eq!(command(&folder, words), as_json, "{name}");
        if let Some(typed) = typed(name, &open(&copy(&original))) {
            assert_eq!(typed, as_json, "{name}");
        }
        // These have nobody to talk to.
        let fails = ["providers.check", "mail.test"].contains(name);
        assert_eq!(as_json.is_err(), fails, "{name}: {as_json:?}");

        let folder = copy(&original);
        let auth = open(&folder);
        let row = auth.operations().find(|row| row.about().name == *name).unwrap();
        let error = auth.run(name, refused).unwrap_err();
        assert_eq!(error.code().name, *code, "{name}");
        let mut refusals =
            row.about().refusals.iter().chain(&[codes::USER_NOT_FOUND, codes::VALIDATION_ERROR]);
        assert!(refusals.any(|refusal| error.is(refusal)), "{name}: {code}");
        let mut unknown = input;
        unknown["nonsense"] = json!(1);
        let error = auth.run(name, unknown).unwrap_err();
        assert!(error.is(codes::VALIDATION_ERROR), "{name}: {error:?}");
        assert!(error.message().contains("nonsense: unknown key"), "{name}: {error}");
    }
}

#[test]
fn every_row_is_described() {
    let original = original();
    for row in open(&original).operations() {
        let about = row.about();
        let (group, verb) = about.group_and_verb();
        assert!(!group.is_empty() && !verb.is_empty() && group != verb, "{}", about.name);
        let (resource, action) = about.permission;
        assert!(!resource.is_empty() && !action.is_empty(), "{}", about.name);

        let schema = row.input().to_value();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&json!("object"), &json!(false))
        );
        assert!(
            schema["description"].as_str().is_some_and(|text| !text.is_empty()),
            "{}",
            about.name
        );
        let none = serde_json::Map::new();
        let fields = schema["properties"].as_object().unwrap_or(&none);
        for (name, field) in fields {
            assert!(name.chars().all(char::is_alphanumeric), "{}: {name}", about.name);
            let is_told =
                field["type"].is_string() || field["type"].is_array() || !field["anyOf"].is_null();
            assert!(is_told && field["description"].is_string(), "{}: {name}: {field}", about.name);
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        assert!(required.iter().all(|name| fields.contains_key(name.as_str().unwrap())));
        let output = row.output().to_value();
        assert!(
            output["type"] == "object" || output["anyOf"].is_array(),
            "{}: {output}",
            about.name
        );
    }
}

#[test]
fn what_is_not_there_is_not_run() {
    let auth = open(&original());
    assert!(auth.run("users.nonsense", json!({})).unwrap_err().is(codes::NOT_FOUND));
    // A value is not repeated: it may be a secret.
    let error =
        auth.run("users.set-password", json!({"user": "x", "password": 12_345_678})).unwrap_err();
    assert_eq!(error.message(), "users.set-password.password: expected a string, got integer");
}

#[test]
fn an_input_that_contradicts_itself_is_refused() {
    let site = Site::new();
    site.sign_up("ada@example.com");
    for (operation, input) in [
        ("users.update", json!({"user": "ada@example.com", "verified": true, "unverified": true})),
        (
            "users.update",
            json!({"user": "ada@example.com", "image": "https://a.example", "noImage": true}),
        ),
        ("sessions.revoke", json!({"all": true, "user": ["ada@example.com"]})),
    ] {
        let refused = site.auth.run(operation, input).unwrap_err();
        assert!(refused.message().ends_with("contradict each other"), "{operation}: {refused:?}");
    }
    assert_eq!(site.stored("session"), 1);
}
