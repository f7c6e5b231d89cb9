//! One PostgreSQL for both: what either writes there, the other uses.

use serde_json::{Value, json};

use crate::original::{OLDER, Original};
use crate::ours::Site;
use crate::postgres::Postgres;
use crate::{EMAIL, PASSWORD, create_ben, users, work_side_by_side};

/// A site on a database there; fields of every kind, so that each has to be read and written.
fn site(place: &Postgres) -> Site {
    Site::with(json!({
        "database": {"url": place.url()},
        "rateLimit": {"storage": "database"},
        "user": {"additionalFields": {
            "age": {"type": "number", "required": false},
            "seen": {"type": "number", "bigint": true, "required": false},
            "born": {"type": "date", "required": false},
            "isBeta": {"type": "boolean", "required": false},
            "settings": {"type": "json", "required": false},
            "tags": {"type": "string[]", "required": false}
        }}
    }))
}

fn ann() -> Value {
    json!({
        "name": "Zoë \"Ω\"", "email": EMAIL, "password": PASSWORD, "age": -7, "born": "1990-01-02T03:04:05.678Z",
        "isBeta": true, "settings": {"a": [1, null, "ß"]}, "tags": ["x", "y"]
    })
}

#[test]
fn a_database_of_the_original_on_postgresql_is_adopted_unchanged_and_shared() {
    let Some(place) = Postgres::database() else { return };
    let site = site(&place);
    let Some(theirs) = Original::beside(&site) else { return };
    let signed_up = theirs.sign_up("Ann", EMAIL, PASSWORD);
    site.better_auth(&["migrate", "status"]).assert().success();
    site.better_auth(&["migrate"]).assert().success();
    let listed = users(&site);
    assert_eq!(listed[0]["email"], signed_up.body["user"]["email"]);
    assert_eq!(listed[0]["createdAt"], signed_up.body["user"]["createdAt"]);

    let server = site.serve();
    let reply = server.sign_in(EMAIL, PASSWORD);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(server.sign_in(EMAIL, "wrong horse battery").status, 401);
    assert_eq!(theirs.sign_in(EMAIL, PASSWORD).status, 200);

    // Sessions of either are sessions of both, until either ends them.
    let cookie = signed_up.cookie();
    assert_eq!(server.get_session(&cookie), theirs.get_session(&cookie));
    let ours = reply.cookies();
    assert_eq!(theirs.get_session(&ours)["user"]["email"], EMAIL);
    assert_eq!(theirs.get_session(&ours), server.get_session(&ours));
    assert_eq!(server.sign_out(&cookie).status, 200);
    assert_eq!(theirs.get_session(&cookie), Value::Null);

    create_ben(&site);
    let reply = theirs.sign_in("ben@example.com", "another horse");
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[test]
fn a_database_of_ours_on_postgresql_lacks_nothing_for_the_original() {
    let Some(place) = Postgres::database() else { return };
    let site = site(&place);
    site.better_auth(&["migrate", "--yes"]).assert().success();
    let Some(theirs) = Original::beside(&site) else { return };
    assert_eq!(theirs.migrate(), json!({"created": [], "changed": []}));
    let servers = [site.serve(), theirs.serve()];
    for (at, server) in servers.iter().enumerate() {
        let mut body = ann();
        body["email"] = format!("ann-{at}@example.com").into();
        let answer = server.post("/sign-up/email", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let [one, other] = servers.each_ref().map(|server| server.get_session(&answer.cookies()));
        assert_eq!(one, other);
        for field in ["age", "born", "isBeta", "settings", "tags"] {
            assert_eq!(one["user"][field], body[field], "{field}");
        }
    }
}

#[test]
fn databases_of_older_releases_on_postgresql_are_shared_in_the_same_way() {
    for version in OLDER {
        let Some(place) = Postgres::database() else { return };
        let site = Site::with(json!({"database": {"url": place.url()}}));
        let Some(theirs) = Original::of(version, &site) else { return };
        work_side_by_side(version, &site, &theirs);
    }
}
