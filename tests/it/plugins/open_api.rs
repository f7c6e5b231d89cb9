//! `open-api`: the document, and the page that shows it.

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Dialect;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::http::Endpoint;
use better_auth::http::Reply;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;

fn document(site: &Site) -> Value {
    let answer = site.send(Request::get("/open-api/generate-schema"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn only(options: Value, change: impl FnOnce(&mut Config)) -> Site {
    Site::with(|config| {
        config.plugins = [("open-api".to_owned(), options)].into();
        change(config);
    })
}

/// The codes that an operation is described with under this status.
fn codes<'a>(document: &'a Value, operation: &str, status: u16) -> Vec<&'a str> {
    let (method, path) = operation.split_once(' ').unwrap();
    let response = &document["paths"][path][method]["responses"][status.to_string()];
    // What many endpoints answer stands in one place.
    let shared = response["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    let response = shared.map_or(response, |place| document.pointer(place).unwrap());
    let names = &response["content"]["application/json"]["schema"]["properties"]["code"]["enum"];
    names.as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn the_document_says_what_this_deployment_is() {
    let site = only(json!({}), |config| {
        config.app_name = "Tea".to_owned();
        config.advanced.cookie_prefix = "tea".to_owned();
        config.disabled_paths = vec!["/sign-out".to_owned()];
        config.rate_limit.enabled = Some(true);
        let fields = json!({
            "age": {"type": "number"},
            "level": {"type": ["low", "high"], "required": false, "input": false},
            "note": {"type": "string", "required": false, "returned": false},
        });
        config.user.additional_fields = serde_json::from_value(fields).unwrap();
    });
    let document = document(&site);
    assert_eq!(document["openapi"], "3.1.1");
    assert_eq!(document["info"]["title"], "Tea");
    assert_eq!(document["servers"], json!([{"url": "http://localhost:3000/api/auth"}]));
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["sessionCookie"]["name"], "tea.session_token");
    assert_eq!(schemes.get("bearer"), None, "the plugin is off");
    assert_eq!(document["security"], json!([{}, {"sessionCookie": []}]));
    assert_eq!(document["paths"].get("/sign-out"), None, "it is switched off");
    assert_eq!(document["paths"].get("/admin/list-users"), None, "the plugin is off");
    let user = &document["components"]["schemas"]["User"];
    assert_eq!(user["properties"]["age"], json!({"type": ["number", "null"]}));
    assert_eq!(
        user["properties"]["level"],
        json!({"type": ["string", "null"], "enum": ["low", "high", null]})
    );
    assert_eq!(user["properties"].get("note"), None, "it is hidden");
    let body = |path: &str| {
        let body = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        body["schema"].clone()
    };
    let sign_up = body("/sign-up/email");
    assert_eq!(sign_up["required"], json!(["name", "email", "password", "age"]));
    assert_eq!(sign_up["properties"]["note"], json!({"type": ["string", "null"]}));
    assert_eq!(sign_up["properties"].get("level"), None, "clients may not set it");
    assert_eq!(body("/update-user")["required"], json!([]));
    let token = &body("/sign-in/social")["properties"]["idToken"];
    assert_eq!(token["required"], json!(["token"]));
    let name = &token["properties"]["user"]["properties"]["name"]["properties"];
    assert_eq!(name["firstName"], json!({"type": "string"}));
    assert_eq!(body("/link-social")["properties"]["idToken"]["required"], json!(["token"]));
    assert_eq!(codes(&document, "get /ok", 429), ["RATE_LIMIT_EXCEEDED"]);
}

#[test]
fn what_plugins_read_and_refuse_is_described_where_they_are_on() {
    let (with, without) = (Site::with_plugins(|_| {}), only(json!({}), |_| {}));
    let (with, without) = (document(&with), document(&without));
    for (operation, status, code) in [
        ("get /admin/list-users", 403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS"),
        ("post /sign-up/email", 400, "USERNAME_IS_ALREADY_TAKEN"),
        ("patch /user", 400, "USERNAME_IS_IMMUTABLE"),
    ] {
        assert!(codes(&with, operation, status).contains(&code), "{operation} {code}");
        assert!(!codes(&without, operation, status).contains(&code), "{operation} {code}");
    }
    assert_eq!(with["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let guarded = json!([{"sessionCookie": []}, {"bearer": []}]);
    assert_eq!(with["paths"]["/list-sessions"]["get"]["security"], guarded);
    assert_eq!(with["paths"]["/admin/has-permission"]["post"]["security"], guarded);
    let session = &with["components"]["schemas"]["Session"]["properties"];
    assert_eq!(session["impersonatedBy"], json!({"type": ["string", "null"]}));
    assert_eq!(without["paths"]["/ok"]["get"]["responses"].get("429"), None, "nothing is counted");
}

#[test]
fn codes_and_statuses_are_those_of_the_dialect() {
    let reference = document(&only(json!({}), |_| {}));
    assert!(codes(&reference, "post /sign-in/email", 401).contains(&"INVALID_CREDENTIALS"));
    let upstream = only(json!({}), |config| config.advanced.error_codes = Dialect::Upstream);
    let upstream = document(&upstream);
    assert_eq!(codes(&upstream, "post /sign-in/email", 401), ["INVALID_EMAIL_OR_PASSWORD"]);
}

#[test]
fn the_document_and_the_page_follow_the_host_where_no_base_url_is_configured() {
    let site = only(json!({}), |config| config.base_url = None);
    let document = document(&site);
    assert_eq!(document["servers"], json!([{"url": "http://localhost:3000/api/auth"}]));
}

#[test]
fn the_page_shows_everything_and_needs_nothing_from_elsewhere() {
    let site = Site::with_plugins(|_| {});
    let page = site.send(Request::get("/reference"));
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for source in ["<script", "<link", "<img", "<iframe", "@import", "url(", "src="] {
        assert!(!page.body.contains(source), "{source}");
    }
    let links: Vec<&str> = page.body.split("href=\"").skip(1).collect();
    let is_own = |link: &&str| link.starts_with('#') || link.starts_with("&#x2f;api");
    let strange: Vec<&&str> = links.iter().filter(|link| !is_own(link)).collect();
    assert!(strange.is_empty(), "{strange:?}");
    for (path, methods) in document(&site)["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("<h3 id=\"{id}\">")), "{path} {id}");
        }
    }
    for text in ["INVALID_CREDENTIALS", "rememberMe", "{ token: text or null, user: User }"] {
        assert!(page.body.contains(text), "{text}");
    }
}

#[test]
fn the_page_has_a_place_a_colour_and_a_nonce_or_is_off() {
    let options = json!({"path": "/docs/api", "theme": "deepSpace", "nonce": "Zm9v"});
    let site = only(options, |_| {});
    assert_eq!(site.send(Request::get("/reference")).status, 404);
    let page = site.send(Request::get("/docs/api"));
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"deepSpace\">"), "{page:?}");
    assert!(page.body.contains("<style nonce=\"Zm9v\">"), "{page:?}");
    assert!(document(&site)["paths"].get("/docs/api").is_some());
    let off = only(json!({"disableDefaultReference": true}), |_| {});
    let answer = off.send(Request::get("/reference"));
    assert_eq!(answer.outcome(), (404, "NOT_FOUND".to_owned()));
    assert!(document(&off)["paths"].get("/ok").is_some());
}

#[test]
fn what_a_plugin_of_a_program_does_not_describe_is_left_open() {
    struct Silent;
    impl Plugin for Silent {
        fn id(&self) -> &'static str {
            "silent"
        }
        fn endpoints(&self) -> Vec<Endpoint> {
            vec![Endpoint::get("/silent", |_| Reply::json(&json!({}))).summary("Says little")]
        }
    }
    let mut config = Config::default();
    config.plugins = [("open-api".to_owned(), json!({}))].into();
    let auth = BetterAuth::builder(config).plugin(Silent).build().unwrap();
    let request = http::Request::get("/api/auth/open-api/generate-schema")
        .header("host", "localhost:3000")
        .body(Bytes::new());
    let response = auth.handle(request.unwrap(), Peer::unknown());
    let document: Value = serde_json::from_slice(response.body()).unwrap();
    let operation = &document["paths"]["/silent"]["get"];
    assert_eq!(operation["tags"], json!(["silent"]));
    assert_eq!(operation["responses"]["default"]["description"], "Not described");
    assert_eq!(document["paths"]["/ok"]["get"]["responses"].get("default"), None);
}

#[test]
fn options_that_cannot_work_are_named() {
    let problem = |options: Value| {
        let mut config = Config::default();
        config.plugins = [("open-api".to_owned(), options)].into();
        let error = BetterAuth::new(config).err().unwrap();
        std::error::Error::source(&error).unwrap().to_string()
    };
    for (options, expected) in [
        (json!({"path": "reference"}), "plugins.open-api.path: expected a path such as /reference"),
        (json!({"path": "/a/:b"}), "plugins.open-api.path: expected a path"),
        (json!({"path": "/a/"}), "plugins.open-api.path: expected a path"),
        (json!({"path": "/../ok"}), "plugins.open-api.path: expected a path"),
        (json!({"path": "/ok"}), "plugins.open-api: GET /ok already exists"),
        (json!({"nonce": "a\"b"}), "plugins.open-api.nonce: expected letters, digits"),
        (json!({"theme": "pink"}), "plugins.open-api.theme: "),
        (json!({"paths": "/x"}), "plugins.open-api.paths: unknown key"),
    ] {
        let problem = problem(options.clone());
        assert!(problem.starts_with(expected), "{options}: {problem}");
    }
}
