//! What a program's own plugin can do, and what the configuration says of plugins.

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ErrorCode;
use better_auth::Plugin;
use better_auth::config::AdditionalField;
use better_auth::config::AdditionalFields;
use better_auth::config::FieldType;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Guard;
use better_auth::http::Reply;
use better_auth::http::guard;
use better_auth::http::hooks::After;
use better_auth::http::hooks::Before;
use better_auth::http::hooks::Paths;
use better_auth::instance::Hooks;
use better_auth::schema::Column;
use better_auth::schema::Kind;
use better_auth::schema::Table;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

use crate::harness::cli::Folder;

const CLOSED: &ErrorCode = &ErrorCode::new("CLOSED", 403, "Nobody new today");

/// Hides a field, adds a table and an endpoint, and refuses users at `closed.example`.
struct Sample;

impl Plugin for Sample {
    fn id(&self) -> &'static str {
        "sample"
    }

    fn user_fields(&self) -> AdditionalFields {
        let hidden = AdditionalField {
            required: false,
            input: false,
            returned: false,
            ..AdditionalField::new(FieldType::Text)
        };
        [("note".to_owned(), hidden)].into()
    }

    fn tables(&self) -> Vec<Table> {
        let columns = vec![Column::new("id", Kind::Text, better_auth::schema::Fill::Nothing)];
        vec![Table::new("sample", columns)]
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![Endpoint::get("/sample", sample).summary("A sample")]
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            before_user_insert: Some(|_, _, user| {
                user.additional.set("note", "made by the sample");
                let is_closed = user.email.ends_with("@closed.example");
                if is_closed { Err(CLOSED.into()) } else { Ok(()) }
            }),
            ..Hooks::default()
        }
    }

    fn before(&self) -> Vec<Before> {
        vec![Before {
            paths: Paths::These(&["/sign-up/email"]),
            run: |_, body| {
                if let Some(body) = body.as_mut().and_then(Value::as_object_mut) {
                    body.entry("name").or_insert_with(|| json!("Nameless"));
                }
                Ok(())
            },
        }]
    }

    fn after(&self) -> Vec<After> {
        vec![After {
            paths: Paths::These(&["/ok"]),
            run: |_, reply| reply.map_json(|_| json!({"ok": "sampled"})),
        }]
    }
}

fn sample(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let is_here = cx.instance().plugin::<Sample>().is_some();
    Reply::json(&json!({ "here": is_here }))
}

fn auth(folder: &tempfile::TempDir) -> BetterAuth {
    let mut config = Config::default();
    config.base_url = Some("http://localhost:3000".into());
    config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
    let auth = BetterAuth::builder(config).plugin(Sample).build().unwrap();
    auth.migrate().unwrap();
    auth
}

fn send(auth: &BetterAuth, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let response = respond(auth, method, path, "", body);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

fn respond(
    auth: &BetterAuth,
    method: &str,
    path: &str,
    cookies: &str,
    body: &Value,
) -> http::Response<Bytes> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("/api/auth{path}"))
        .header("host", "localhost:3000")
        .header("content-type", "application/json");
    if !cookies.is_empty() {
        request = request.header("cookie", cookies);
    }
    let request = request.body(Bytes::from(body.to_string())).unwrap();
    auth.handle(request, better_auth::Peer::unknown())
}

#[test]
fn a_plugin_of_a_program_adds_all_that_ours_can() {
    let folder = tempfile::tempdir().unwrap();
    let auth = auth(&folder);
    assert_eq!(send(&auth, "GET", "/sample", &Value::Null), (200, json!({"here": true})));
    assert_eq!(send(&auth, "GET", "/ok", &Value::Null).1, json!({"ok": "sampled"}));
    let body = json!({"email": "ada@example.com", "password": "correct horse"});
    let (status, answer) = send(&auth, "POST", "/sign-up/email", &body);
    assert_eq!((status, &answer["user"]["name"]), (200, &json!("Nameless")), "{answer}");
    assert_eq!(answer["user"].get("note"), None, "it is hidden");
    let user = auth.api().get_user("ada@example.com").unwrap();
    assert_eq!(user.additional.text("note"), Some("made by the sample"));
    let body = json!({"email": "eve@closed.example", "password": "correct horse"});
    let (status, answer) = send(&auth, "POST", "/sign-up/email", &body);
    assert_eq!((status, &answer["code"]), (403, &json!("CLOSED")));
    assert!(auth.api().find_user("eve@closed.example").unwrap().is_none());
    assert!(auth.plan().unwrap().is_empty());
}

#[test]
fn a_plugin_cannot_renew_a_cached_session_from_its_copy() {
    struct Renewing;
    impl Plugin for Renewing {
        fn id(&self) -> &'static str {
            "renewing"
        }
        fn endpoints(&self) -> Vec<Endpoint> {
            let renew = |cx: &mut Context<'_>| {
                if cx.query("look").is_some() {
                    cx.session = guard::look_up_session(cx)?;
                }
                let found = cx.signed_in()?.clone();
                cx.set_session_cookie(&found, true)?;
                Reply::json(&json!({}))
            };
            vec![Endpoint::get("/renew", renew).summary("Renews").guard(Guard::Session)]
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.base_url = Some("http://localhost:3000".into());
    config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
    config.session.cookie_cache.enabled = true;
    let auth = BetterAuth::builder(config).plugin(Renewing).build().unwrap();
    auth.migrate().unwrap();
    let body = json!({"name": "", "email": "ada@example.com", "password": "correct horse"});
    let answer = respond(&auth, "POST", "/sign-up/email", "", &body);
    let lines = |response: &http::Response<Bytes>| {
        let lines = response.headers().get_all("set-cookie").iter();
        let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned());
        pairs.collect::<Vec<_>>()
    };
    let cookies = lines(&answer).join("; ");
    let copies = |path: &str| {
        let answer = respond(&auth, "GET", path, &cookies, &Value::Null);
        assert_eq!(answer.status(), 200);
        lines(&answer).iter().filter(|line| line.contains("session_data=ey")).count()
    };
    let expected = [("/renew", 0), ("/renew?disableCookieCache=1", 1), ("/renew?look=1", 1)];
    assert_eq!(expected.map(|(path, _)| (path, copies(path))), expected);
}

#[test]
fn what_cannot_stand_beside_something_else_is_named() {
    struct Twin(&'static str, &'static str);
    impl Plugin for Twin {
        fn id(&self) -> &'static str {
            self.0
        }
        fn endpoints(&self) -> Vec<Endpoint> {
            vec![Endpoint::get(self.1, sample).summary("A twin")]
        }
        fn user_fields(&self) -> AdditionalFields {
            [("nick".to_owned(), AdditionalField::new(FieldType::Text))].into()
        }
    }
    let problem = |config: Config, plugins: Vec<Twin>| {
        let builder =
            plugins.into_iter().fold(BetterAuth::builder(config), better_auth::Builder::plugin);
        let error = builder.build().err().unwrap();
        std::error::Error::source(&error).unwrap().to_string()
    };
    let none = Config::default;
    assert_eq!(
        problem(none(), vec![Twin("a", "/a"), Twin("a", "/b")]),
        "plugins.a: this plugin is listed twice"
    );
    assert_eq!(problem(none(), vec![Twin("a", "/ok")]), "plugins.a: GET /ok already exists");
    let mut config = none();
    let open = AdditionalField { required: false, ..AdditionalField::new(FieldType::Text) };
    config.user.additional_fields.insert("nick".to_owned(), open);
    assert_eq!(
        problem(config, vec![Twin("a", "/a")]),
        "user.additionalFields: the field nick differs from the plugin's field of this name"
    );
}

#[test]
fn the_configuration_names_plugins_and_their_options_or_is_refused() {
    let problem = |text: &str| {
        let folder = Folder::new();
        std::fs::write(folder.path("better-auth.toml"), text).unwrap();
        folder.run(&["migrate", "--yes"]).stderr
    };
    for (text, said) in [
        ("[plugins.amdin]", "plugins.amdin: unknown key; did you mean admin?"),
        ("[plugins.admin]\nrole = 1", "plugins.admin.role: unknown key; "),
        (
            "[plugins.admin]\nadminRoles = ['root']",
            "plugins.admin.adminRoles: unknown role \"root\"; available: admin, user",
        ),
        (
            "[plugins.admin]\nimpersonationSessionDuration = '1h'",
            "plugins.admin.impersonationSessionDuration: expected seconds (a whole number), got string",
        ),
        (
            "[plugins.admin.roles]\nroot = { user = 'all' }",
            "plugins.admin.roles.root.user: expected a sequence, got string",
        ),
        (
            "[plugins.username]\nmaxUsernameLength = 2",
            "plugins.username.maxUsernameLength: shorter than minUsernameLength, 3",
        ),
    ] {
        let stderr = problem(text);
        assert!(stderr.contains(said), "{text}: {stderr}");
    }
}

#[test]
fn columns_of_plugins_are_migrated_into_a_database_that_lacks_them() {
    let folder = Folder::migrated();
    folder.create_user("ada@example.com");
    std::fs::write(folder.path("better-auth.toml"), "[plugins.admin]\n[plugins.username]").unwrap();
    folder.run(&["users", "list"]).failed(5, "needs migration");
    let plan = folder.run(&["migrate", "--dry-run"]).succeeded().stdout;
    for column in ["role", "banned", "banReason", "banExpires", "impersonatedBy", "username"] {
        assert!(plan.contains(column), "{column}: {plan}");
    }
    folder.run(&["migrate", "--yes"]).succeeded();
    let list = folder.run(&["users", "list", "--json"]).json();
    assert_eq!(list["users"][0]["role"], Value::Null);
    assert_eq!(list["users"][0]["username"], Value::Null);
}
