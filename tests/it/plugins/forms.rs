//! A plugin that describes what it reads and answers with forms that no endpoint of the core has.

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::http::Answer;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::form::RowForm;
use http::Request;
use serde_json::Value;
use serde_json::json;

const PERMISSIONS: Form = Form::Map(&Form::List(&Form::OneOf(&["read", "write"])));
const TEAM: RowForm = RowForm {
    name: "Team",
    members: &[Member::required("name", Form::Text), Member::required("permissions", PERMISSIONS)],
    added: |_| None,
};
const CREATE: Body = Body::Required(Form::AllOf(&[
    Form::Object(&[
        Member::required("permissions", PERMISSIONS),
        Member::optional(
            "parent",
            Form::OrNull(&Form::Object(&[Member::required("id", Form::Text)])),
        ),
    ]),
    Form::ExactlyOne(&[
        Form::Object(&[Member::required("name", Form::FILLED)]),
        Form::Object(&[Member::required(
            "members",
            Form::List(&Form::Object(&[
                Member::required("userId", Form::Coerced(&Form::Text)),
                Member::optional("role", Form::AnyOf(&[Form::Text, Form::List(&Form::Text)])),
            ])),
        )]),
    ]),
]));
const CREATED: &[Answer] =
    &[Answer::json(&Form::Object(&[Member::required("teams", Form::List(&Form::Row(&TEAM)))]))];

struct Teams;

impl Plugin for Teams {
    fn id(&self) -> &'static str {
        "teams"
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![Endpoint::post("/teams", create).summary("Create teams").body(CREATE).answers(CREATED)]
    }
}

fn create(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let permissions = cx.input.value("permissions");
    Reply::json(&json!({"teams": [{"name": "a", "permissions": permissions, "id": "1"}]}))
}

fn auth(folder: &tempfile::TempDir) -> BetterAuth {
    let mut config = Config::default();
    config.base_url = Some("http://localhost:3000".into());
    config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
    config.plugins.insert("open-api".to_owned(), json!({}));
    let auth = BetterAuth::builder(config).plugin(Teams).build().unwrap();
    auth.migrate().unwrap();
    auth
}

fn send(auth: &BetterAuth, method: &str, path: &str, body: &Value) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/auth{path}"))
        .header("host", "localhost:3000")
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap();
    let response = auth.handle(request, Peer::unknown());
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), body)
}

#[test]
fn what_a_plugin_reads_is_validated_to_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    let auth = auth(&folder);
    let permissions = json!({"page": ["read", "write"], "file": []});
    for fine in [
        json!({"name": "a", "permissions": permissions}),
        json!({"name": "a", "permissions": {}, "parent": null, "more": 1}),
        json!({"members": [{"userId": 1}, {"userId": "x", "role": ["a", "b"]}], "permissions": {}}),
    ] {
        let (status, answer) = send(&auth, "POST", "/teams", &fine);
        assert_eq!(status, 200, "{fine}: {answer}");
    }
    for (bad, message) in [
        (
            json!({"name": "a", "permissions": {"page": ["read"], "file": ["read", "eat"]}}),
            r#"[body.permissions.file.1] Invalid option: expected one of "read"|"write""#,
        ),
        (
            json!({"name": "a", "permissions": [], "parent": {}}),
            "[body.permissions] Invalid input: expected record, received array; \
             [body.parent.id] Invalid input: expected string, received undefined",
        ),
        (json!({"members": [{}], "permissions": {}}), "[body] Invalid input"),
        (
            json!({"name": "a", "members": [], "permissions": {}}),
            "[body] Invalid input: more than one option matched",
        ),
        (json!([]), "[body] Invalid input: expected object, received array; [body] Invalid input"),
    ] {
        let (status, answer) = send(&auth, "POST", "/teams", &bad);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status, &answer["message"]), (400, &json!(message)), "{bad}");
    }
}

#[test]
fn what_a_plugin_reads_and_answers_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let auth = auth(&folder);
    let (_, document) = send(&auth, "GET", "/open-api/generate-schema", &Value::Null);
    let document: Value = serde_json::from_str(&document).unwrap();
    let operation = &document["paths"]["/teams"]["post"];
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(
        answer["properties"]["teams"],
        json!({"type": "array", "items": {"$ref": "#/components/schemas/Team"}})
    );
    let actions = json!({"type": "string", "enum": ["read", "write"]});
    let permissions =
        json!({"type": "object", "additionalProperties": {"type": "array", "items": actions}});
    let text = json!({"type": "string"});
    let team = &document["components"]["schemas"]["Team"];
    assert_eq!(team["properties"], json!({"name": text, "permissions": permissions, "id": text}));
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["properties"]["permissions"], permissions);
    assert_eq!(body["properties"]["parent"]["type"], json!(["object", "null"]));
    assert_eq!(body["required"], json!(["permissions"]));
    let either = &body["allOf"][0]["oneOf"];
    assert_eq!(either[0]["properties"]["name"], json!({"type": "string", "minLength": 1}));
    let role = &either[1]["properties"]["members"]["items"]["properties"]["role"];
    assert_eq!(role["anyOf"], json!([text, {"type": "array", "items": text}]));

    let (status, page) = send(&auth, "GET", "/reference", &Value::Null);
    assert_eq!(status, 200);
    for shown in [
        "{ teams: [Team, …] }",
        "User and Session and LinkedAccount and Team",
        "members: [{ userId: text",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}
