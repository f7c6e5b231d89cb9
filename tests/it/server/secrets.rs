//! What the log and the metrics say, and what they do not.

use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::harness::Mail;
use crate::harness::Provider;
use crate::harness::server::Server;

use super::PASSWORD;
use super::SECRET;
use super::configured;

const CLIENT_SECRET: &str = "the-secret-of-the-client";
const CODE: &str = "the-code-of-the-provider";
const NEW_PASSWORD: &str = "another horse battery";
const WRONG_PASSWORD: &str = "hunter2hunter2";
const MARK: &str = "given-by-the-proxy";
const FORGED: &str = "forged\\u0022id";

/// An answer, and the values of its cookies.
struct Answered {
    location: String,
    id: String,
    cookies: Vec<String>,
    body: Value,
}

impl Answered {
    /// The header that sends the cookies back.
    fn cookie(&self) -> String {
        format!("Cookie: {}\r\nOrigin: http://localhost:3000\r\n", self.cookies.join("; "))
    }

    /// The values that nobody else may know.
    fn secrets(&self) -> impl Iterator<Item = String> {
        let values = self.cookies.iter().filter_map(|cookie| cookie.split_once('='));
        values.map(|(_, value)| value.to_owned()).filter(|value| 8 < value.len())
    }
}

fn read(answer: &str) -> Answered {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let of = |name: &str| -> Vec<String> {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).collect()
    };
    let pairs = of("set-cookie");
    let pairs = pairs.iter().filter_map(|line| line.split(';').next());
    Answered {
        location: of("location").concat(),
        id: of("x-request-id").concat(),
        cookies: pairs.map(str::to_owned).collect(),
        body: serde_json::from_str(body).unwrap_or_default(),
    }
}

fn get(server: &Server, path: &str, headers: &str) -> Answered {
    let mut connection = server.connect();
    connection.get(path, headers).unwrap();
    read(&connection.answer().unwrap())
}

fn post(server: &Server, path: &str, headers: &str, body: &Value) -> Answered {
    let mut connection = server.connect();
    connection.post(path, headers, body).unwrap();
    read(&connection.answer().unwrap())
}

/// Signs up and in, verifies an address, sets a new password, comes back from a provider, fails at each,
/// and answers every secret that was on the way.
fn scenario(server: &Server, provider: &Provider, mails: impl Fn() -> Vec<Mail>) -> Vec<String> {
    let email = "ada@example.com";
    let mut secrets = vec![PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, SECRET, CLIENT_SECRET, CODE]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let new = json!({"name": "Ada", "email": email, "password": PASSWORD});
    let signed_up = post(server, "/sign-up/email", "", &new);
    let wrong = json!({"email": email, "password": WRONG_PASSWORD});
    post(server, "/sign-in/email", "", &wrong);
    let signed_in =
        post(server, "/sign-in/email", "", &json!({"email": email, "password": PASSWORD}));
    get(server, "/get-session", &signed_in.cookie());
    get(server, mails().pop().unwrap().path(), "");

    let asked = json!({"email": email, "redirectTo": "/reset"});
    post(server, "/request-password-reset", "", &asked);
    let led_on = get(server, mails().pop().unwrap().path(), "");
    let token = led_on.location.split_once("token=").unwrap().1.to_owned();
    let reset = json!({"newPassword": NEW_PASSWORD, "token": token});
    post(server, "/reset-password", "", &reset);
    post(server, "/reset-password", "", &reset);
    get(server, &format!("/reset-password/{token}?callbackURL=/reset"), "");
    // However the path is spelt, and wherever a token is sent by mistake.
    for before in ["/./", "/x/../", "/%2e/", "/x/%2E%2e/"] {
        get(server, &format!("{before}reset-password/{token}?callbackURL=/reset"), "");
    }
    for path in
        ["/reset-password/TOKEN/further", "/reset-password/TOKEN/", "//reset-password/TOKEN"]
            .into_iter()
            .chain([
                "/%72eset-password/TOKEN",
                "/nothing/TOKEN",
                "/../../TOKEN",
                "/ok/TOKEN",
                "/TOKEN",
            ])
    {
        get(server, &path.replace("TOKEN", &token), "");
    }
    secrets.push(token);
    secrets.extend(mails().iter().map(|mail| mail.token().to_owned()));

    for fails in [false, true] {
        if fails {
            let problem = json!({"error": "invalid_grant", "error_description": "no"});
            provider.says("/oauth/token", 400, problem);
        }
        let sent = post(server, "/sign-in/social", "", &json!({"provider": "gitlab"}));
        let url = Url::parse(sent.body["url"].as_str().unwrap()).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let path = format!("/callback/gitlab?code={CODE}&state={state}");
        let back = get(server, &path, &sent.cookie());
        secrets.extend(sent.secrets().chain(back.secrets()).chain([state]));
    }
    secrets.extend(["access-of-the-provider".to_owned(), "refresh-of-the-provider".to_owned()]);
    secrets.extend(signed_up.secrets().chain(signed_in.secrets()));
    for of in [&signed_up, &signed_in] {
        secrets.push(of.body["token"].as_str().unwrap().to_owned());
    }
    secrets
}

#[test]
fn the_log_and_the_metrics_hold_no_secret_and_every_request() {
    let provider = Provider::start();
    provider.says(
        "/oauth/token",
        200,
        json!({
            "access_token": "access-of-the-provider", "refresh_token": "refresh-of-the-provider",
            "expires_in": 7200,
        }),
    );
    let user = json!({
        "id": 42, "username": "bob", "name": "Bob", "email": "bob@example.com", "state": "active",
        "locked": false, "email_verified": true,
    });
    provider.says("/api/v4/user", 200, user);
    let folder = configured(&json!({
        "email": {"transport": "file"},
        "emailVerification": {"sendOnSignUp": true},
        "socialProviders": {"gitlab": {
            "clientId": "id", "clientSecret": CLIENT_SECRET, "issuer": provider.url,
        }},
        "advanced": {"allowPrivateAddresses": true},
    }));
    let words = ["--log-level", "debug", "--log-format", "json"];
    let mut server = Server::start(&folder, &words);
    let secrets = scenario(&server, &provider, || Mail::read(&folder.path("emails.jsonl")));
    assert!(18 <= secrets.len(), "{secrets:?}");
    let from = "X-Forwarded-For: 198.51.100.7\r\n";
    let given = get(&server, "/ok?token=in-the-query", &format!("{from}X-Request-Id: {MARK}\r\n"));
    assert_eq!(given.id, MARK);
    let forged = get(&server, "/ok", &format!("X-Request-Id: {FORGED}\r\n"));
    assert_eq!(forged.id.len(), 36);
    let (_, metrics) = server.watch("/metrics");
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0));
    let log = server.whole_log();

    for secret in secrets.iter().map(String::as_str).chain(["in-the-query", FORGED]) {
        assert!(!log.contains(secret), "{secret} shows in\n{log}");
        assert!(!metrics.contains(secret), "{secret} shows in\n{metrics}");
    }
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let access = |path: &str| -> Vec<&Value> {
        let path = json!(format!("/api/auth{path}"));
        let of_path =
            |line: &&Value| line["target"] == "better_auth::access" && line["path"] == path;
        lines.iter().filter(of_path).collect()
    };
    for (path, count) in [
        ("/sign-up/email", 1),
        ("/sign-in/email", 2),
        ("/reset-password/:token", 6),
        ("/reset-password", 2),
        ("/callback/:id", 2),
        ("/ok", 2),
    ] {
        assert_eq!(access(path).len(), count, "{path}: {log}");
    }
    let without_path =
        |line: &&Value| line["target"] == "better_auth::access" && line["path"].is_null();
    assert_eq!(lines.iter().filter(without_path).count(), 8, "{log}");
    let refused = access("/sign-in/email")[0];
    assert_eq!((&refused["status"], &refused["method"]), (&json!(401), &json!("POST")));
    assert_eq!(refused["code"], "INVALID_EMAIL_OR_PASSWORD");
    assert!(refused["micros"].is_u64() && refused["id"].as_str().unwrap().len() == 36);
    let marked = access("/ok")[0];
    assert_eq!((&marked["id"], &marked["client"]), (&json!(MARK), &json!("198.51.100.7")));
    // What is said while a request is answered names it.
    let ids: Vec<&Value> = access("/callback/:id").iter().map(|line| &line["id"]).collect();
    let said = lines.iter().find(|line| ids.contains(&&line["span"]["id"]));
    assert!(said.is_some_and(|line| line["level"] == "WARN"), "{log}");
}

#[test]
fn a_stranger_names_no_request_and_where_addresses_are_not_kept_none_is_logged() {
    let advanced = json!({"ipAddress": {"trustedProxies": [], "disableIpTracking": true}});
    for (advanced, has_address) in [(advanced, false), (json!({}), true)] {
        let mut ip = json!({"ipAddress": {"trustedProxies": ["192.0.2.1"]}});
        super::merge(&mut ip, &advanced);
        let folder = configured(&json!({ "advanced": ip }));
        let mut server = Server::start(&folder, &["--log-level", "info", "--log-format", "json"]);
        let named = get(&server, "/ok", &format!("X-Request-Id: {MARK}\r\n"));
        assert_eq!(named.id.len(), 36);
        server.signal("TERM");
        server.wait();
        let log = server.whole_log();
        assert!(log.contains(&named.id) && !log.contains(MARK), "{log}");
        let access: Vec<Value> =
            log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let access = access.iter().find(|line| line["target"] == "better_auth::access").unwrap();
        assert_eq!(access["client"] == "127.0.0.1", has_address, "{log}");
        assert_eq!(log.contains("\"client\""), has_address, "{log}");
    }
}

#[test]
fn a_failure_of_ours_is_logged_once_with_its_cause_and_callers_do_not_see_it() {
    let folder = configured(&json!({}));
    let mut server = Server::start(&folder, &["--log-format", "json"]);
    super::signed_up(&server, "ada@example.com");
    let sql = r#"CREATE TRIGGER "broken" BEFORE INSERT ON "session" BEGIN SELECT no_such_function('some day'); END"#;
    let done: Result<u64, better_auth::database::DatabaseError> =
        folder.database().write(|tx| tx.execute(sql, &[]));
    if done.is_err() {
        // PostgreSQL makes no such trigger.
        return;
    }
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let failed = post(&server, "/sign-in/email", "", &body);
    assert_eq!(failed.body["code"], "INTERNAL_SERVER_ERROR");
    assert!(!failed.body.to_string().contains("no_such_function"), "{}", failed.body);
    server.signal("TERM");
    server.wait();
    let log = server.whole_log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("no_such_function")).collect();
    let [line] = &lines[..] else { panic!("{log}") };
    assert!(line.contains(&failed.id) && !line.contains("some day"), "{line}");
}
