//! Users whom plugins of the original restrict, where ours does not have the plugin.

use serde_json::{Value, json};

use crate::original::Original;
use crate::ours::Site;
use crate::postgres::Postgres;
use crate::server::{Answer, Server};
use crate::{EMAIL, PASSWORD};

fn ask(server: &Server, path: &str, cookies: &str, body: &Value) -> Answer {
    let request = server.request("POST", path).header("cookie", cookies);
    let request =
        request.header("origin", server.origin()).header("content-type", "application/json");
    let answer = server.send(request.body(body.to_string()).expect("the request is well formed"));
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer
}

fn refused(server: &Server) -> (u16, Value) {
    let answer = server.sign_in(EMAIL, PASSWORD);
    (answer.status, answer.json()["code"].clone())
}

/// `theirs` has the plugins, `ours` is on the same database without them.
fn compare(theirs: &Server, ours: &Server) {
    let new = |email: &str| json!({"name": "Ann", "email": email, "password": PASSWORD});
    let boss = theirs.post("/sign-up/email", &new("boss@example.com")).cookies();
    let signed_up = theirs.post("/sign-up/email", &new(EMAIL));
    let id = signed_up.json()["user"]["id"].clone();
    assert_eq!(ours.sign_in(EMAIL, PASSWORD).status, 200);

    let password = json!({ "password": PASSWORD });
    let session = ask(theirs, "/two-factor/enable", &signed_up.cookies(), &password).cookies();
    assert_eq!(theirs.sign_in(EMAIL, PASSWORD).json()["twoFactorRedirect"], true);
    assert_eq!(refused(ours), (403, json!("TWO_FACTOR_REQUIRED")));
    // What was proved there counts here.
    assert_eq!(ours.get_session(&session)["user"]["email"], EMAIL);
    let session = ask(theirs, "/two-factor/disable", &session, &password).cookies();
    assert_eq!(ours.sign_in(EMAIL, PASSWORD).status, 200);

    ask(theirs, "/admin/ban-user", &boss, &json!({"userId": id, "banExpiresIn": 3600}));
    for server in [theirs, ours] {
        assert_eq!(refused(server), (403, json!("BANNED_USER")));
        assert_eq!(server.get_session(&session), Value::Null);
    }
    let [theirs_says, ours_says] =
        [theirs, ours].map(|server| server.sign_in(EMAIL, PASSWORD).json()["message"].clone());
    assert_eq!(theirs_says, ours_says);
    ask(theirs, "/admin/unban-user", &boss, &json!({ "userId": id }));
    assert_eq!(ours.sign_in(EMAIL, PASSWORD).status, 200);
}

fn plugins() -> Value {
    json!({"two-factor": {"skipVerificationOnEnable": true}, "admin": {"defaultRole": "admin"}})
}

#[test]
fn whom_a_plugin_of_the_original_keeps_out_stays_out_here() {
    let site = Site::with(json!({ "plugins": plugins() }));
    let Some(theirs) = Original::serving(&site) else { return };
    let url = format!("sqlite:{}", site.database().display());
    let ours = Site::with(json!({"database": {"url": url}}));
    ours.better_auth(&["migrate", "status"]).assert().success();
    compare(&theirs, &ours.serve());
}

#[test]
fn so_they_do_on_postgresql() {
    let Some(place) = Postgres::database() else { return };
    let database = json!({ "url": place.url() });
    let site = Site::with(json!({"database": database, "plugins": plugins()}));
    let Some(theirs) = Original::serving(&site) else { return };
    let ours = Site::with(json!({ "database": database }));
    compare(&theirs, &ours.serve());
}
