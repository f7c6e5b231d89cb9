//! Options that both servers of one database must have alike: what either stores under them, the other uses.

use serde_json::{Value, json};

use crate::original::Original;
use crate::ours::Site;
use crate::postgres::Postgres;
use crate::redis::Redis;
use crate::server::Server;
use crate::{EMAIL, PASSWORD, storage};

/// Forms of `verification.storeIdentifier`, as one server after the other may have had it.
fn forms() -> [Value; 3] {
    let overrides = json!({"reset-password:": "hashed"});
    [json!("plain"), json!("hashed"), json!({"default": "plain", "overrides": overrides})]
}

fn ask(server: &Server, site: &Site) -> Value {
    let answer = server.post("/request-password-reset", &json!({ "email": EMAIL }));
    assert_eq!(answer.status, 200, "{answer:?}");
    site.mails().last().expect("a link was sent")["token"].clone()
}

fn reset(server: &Server, token: &Value) -> u16 {
    let body = json!({"token": token, "newPassword": PASSWORD});
    server.post("/reset-password", &body).status
}

/// A link of either server works once at the other, and one that is older is void after a new password here.
fn links_cross(site: &Site, theirs: &Server, ours: &Server, what: &str) {
    let new = json!({"name": "Ann", "email": EMAIL, "password": PASSWORD});
    assert_eq!(theirs.post("/sign-up/email", &new).status, 200, "{what}");
    for (from, to) in [(theirs, ours), (ours, theirs)] {
        let token = ask(from, site);
        assert_eq!(reset(to, &token), 200, "{what}");
        for server in [from, to] {
            assert_eq!(reset(server, &token), 400, "{what}");
        }
    }
    let (older, newer) = (ask(theirs, site), ask(ours, site));
    assert_eq!(reset(ours, &newer), 200, "{what}");
    assert_eq!(reset(ours, &older), 400, "{what}: a link of theirs outlives a new password");
}

fn options(form: &Value) -> Value {
    json!({
        "email": {"transport": "file", "senders": ["reset-password"]},
        "verification": {"storeIdentifier": form},
    })
}

#[test]
fn a_link_crosses_however_identifiers_are_stored() {
    for form in forms() {
        let site = Site::with(options(&form));
        let Some(theirs) = Original::serving(&site) else { return };
        links_cross(&site, &theirs, &site.serve(), &form.to_string());
    }
}

#[test]
fn a_link_crosses_on_postgresql() {
    for form in forms() {
        let Some(place) = Postgres::database() else { return };
        let mut options = options(&form);
        options["database"] = json!({ "url": place.url() });
        let site = Site::with(options);
        let Some(theirs) = Original::serving(&site) else { return };
        links_cross(&site, &theirs, &site.serve(), &form.to_string());
    }
}

#[test]
fn a_link_crosses_by_a_storage() {
    for form in forms() {
        for both in [false, true] {
            let Some(redis) = Redis::start() else { return };
            let mut options = options(&form);
            options["secondaryStorage"] = storage::options(&redis);
            options["verification"]["storeInDatabase"] = both.into();
            let site = Site::with(options);
            let Some(theirs) = Original::serving(&site) else { return };
            links_cross(&site, &theirs, &site.serve(), &format!("{form} {both}"));
        }
    }
}

#[test]
fn required_fields_of_accounts_and_one_time_values_are_filled_on_either_side() {
    let plan = json!({"plan": {"type": "string", "defaultValue": "free"}});
    let mut options = options(&json!("hashed"));
    options["verification"]["additionalFields"] = plan.clone();
    options["account"] = json!({ "additionalFields": plan });
    let site = Site::with(options);
    let Some(theirs) = Original::serving(&site) else { return };
    site.better_auth(&["migrate", "status"]).assert().success();
    let ours = site.serve();
    for (from, to, name) in [(&theirs, &ours, "ann"), (&ours, &theirs, "bob")] {
        let email = format!("{name}@example.com");
        let new = json!({"name": name, "email": email, "password": PASSWORD});
        let cookies = from.post("/sign-up/email", &new).cookies();
        let [one, other] = [from, to].map(|server| {
            let request = server.request("GET", "/list-accounts").header("cookie", &cookies);
            server.send(request.body(()).expect("the request is well formed")).json()
        });
        assert_eq!(one, other);
        assert_eq!(one[0]["plan"], "free");
    }
    for (from, to) in [(&theirs, &ours), (&ours, &theirs)] {
        assert_eq!(reset(to, &ask(from, &site)), 200);
    }
}
