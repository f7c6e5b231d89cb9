//! What is stored of what strangers send: how long texts are.

use std::collections::BTreeMap;

use better_auth::Config;
use better_auth::api::limits;
use better_auth::api::limits::Length;
use better_auth::config::RateLimitStorage;
use better_auth::config::Transport;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::schema;
use better_auth::schema::Kind as Holds;
use serde_json::Value;
use serde_json::json;

use super::social;
use super::social::come_back;
use super::social::to;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::members;
use crate::harness::site::PASSWORD;

/// Longer than any text that may be stored, and shorter than a body.
const LONG: usize = 100_000;

/// Everything that keeps texts, switched on.
fn everything(config: &mut Config) {
    let field = json!({
        "note": {"type": "string", "required": false},
        "badge": {"type": "string", "required": false, "unique": true},
        "tags": {"type": "string[]", "required": false},
        "extra": {"type": "json", "required": false},
    });
    config.user.additional_fields = serde_json::from_value(field.clone()).unwrap();
    config.session.additional_fields = serde_json::from_value(field).unwrap();
    config.rate_limit.storage = Some(RateLimitStorage::Database);
    config.email.transport = Some(Transport::Smtp);
    config.email.from = Some("a@example.com".to_owned());
    // Nobody listens there: every message stays in the outbox.
    config.email.smtp.host = Some("127.0.0.1".to_owned());
    config.email.smtp.port = Some(1);
    config.user.change_email.enabled = true;
}

/// The columns of an application's own come under one row of the table each.
fn limit_of(table: &str, column: &str) -> Option<&'static Length> {
    let name = format!("{table}.{column}");
    limits::ALL.iter().find(|length| length.text == name)
}

#[test]
fn every_column_that_holds_text_has_a_limit() {
    let site = Site::with_plugins(everything);
    let config = site.auth.config();
    let added = |table: &str, column: &str| {
        let fields = match table {
            "user" => &config.user.additional_fields,
            "session" => &config.session.additional_fields,
            _ => return false,
        };
        fields.iter().any(|(name, field)| field.column(name) == column)
    };
    let mut count = 0;
    for table in schema::needed(config) {
        for column in &table.columns {
            if matches!(column.kind, Holds::Text | Holds::Json) && !added(&table.name, &column.name)
            {
                let known = limit_of(&table.name, &column.name);
                assert!(known.is_some(), "{}.{} has no limit", table.name, column.name);
                count += 1;
            }
        }
    }
    assert!(20 <= count, "only {count} columns");
}

/// The longest text in each column of every table.
fn longest(site: &Site) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for table in schema::needed(site.auth.config()) {
        let texts =
            table.columns.iter().filter(|column| matches!(column.kind, Holds::Text | Holds::Json));
        for column in texts {
            let sql = format!(
                r#"SELECT COALESCE(MAX(octet_length(CAST("{}" AS TEXT))), 0) FROM "{}""#,
                column.name, table.name
            );
            let bytes = site.auth.database().read(|tx| tx.find(&sql, &[], |row| row.integer(0)));
            let bytes = usize::try_from(bytes.unwrap().unwrap()).unwrap();
            found.insert((table.name.clone(), column.name.clone()), bytes);
        }
    }
    found
}

#[track_caller]
fn nothing_is_too_long(site: &Site) {
    for ((table, column), bytes) in longest(site) {
        let limit = limit_of(&table, &column).unwrap_or(&limits::FIELD);
        assert!(bytes <= limit.bytes_max, "{table}.{column} holds {bytes} bytes");
    }
}

/// A value for a member that some endpoint takes.
fn sensible(name: &str, form: &Form) -> Value {
    match (name, form) {
        ("provider" | "providerId", _) => json!("gitlab"),
        ("email" | "newEmail", _) => json!("ada@example.com"),
        (_, Form::Email) => json!("new@example.com"),
        ("password" | "currentPassword", _) => json!(PASSWORD),
        ("callbackURL" | "redirectTo" | "errorCallbackURL" | "newUserCallbackURL", _) => {
            json!("/a")
        }
        (_, Form::OneOf(texts)) => json!(texts[0]),
        (_, Form::Flag | Form::Always(_)) => json!(true),
        (_, Form::Number) => json!(60),
        (_, Form::List(_)) => json!(["a"]),
        (_, Form::Map(_) | Form::Record(_) | Form::Object(_)) => json!({}),
        _ => json!("abcd"),
    }
}

/// The same, far too long.
fn long(name: &str, form: &Form) -> Option<Value> {
    let text = "y".repeat(LONG);
    Some(match (name, form) {
        (_, Form::OneOf(_) | Form::Flag | Form::Always(_) | Form::Number) => return None,
        ("callbackURL" | "redirectTo" | "errorCallbackURL" | "newUserCallbackURL", _) => {
            json!(format!("/{text}"))
        }
        ("email" | "newEmail", _) => json!(format!("{text}@example.com")),
        ("data", _) => json!({"name": text, "image": text, "note": text, "banReason": text}),
        ("idToken", _) => json!({"token": text, "accessToken": text, "refreshToken": text}),
        (_, Form::List(form)) => json!([long("", form)?]),
        (_, Form::Map(form)) => json!({"x": long("", form)?}),
        (_, Form::Record(_) | Form::Object(_)) => json!({"x": text}),
        _ => json!(text),
    })
}

#[test]
fn no_text_that_is_sent_to_any_endpoint_is_stored_beyond_its_limit() {
    let provider = Provider::start();
    let site = social::site_with(&provider, true, |config| {
        everything(config);
        config.plugins.insert("admin".to_owned(), json!({"defaultRole": "admin"}));
    });
    let agent = "y".repeat(20_000);
    let cookies = site.sign_up("ada@example.com").cookies();
    let added = ["note", "badge", "tags", "extra", "username", "displayUsername"];
    for row in site.auth.endpoints() {
        let members = members(row);
        let more = row.adds.map(|_| added.map(|name| Member::optional(name, Form::Text)));
        for Member { name, form, .. } in members.iter().copied().chain(more.into_iter().flatten()) {
            let Some(long) = long(name, &form) else { continue };
            let required = members.iter().filter(|member| member.is_required);
            let mut body: serde_json::Map<_, _> = required
                .map(|member| (member.name.to_owned(), sensible(member.name, &member.form)))
                .collect();
            body.insert(name.to_owned(), long);
            for signed_in in [true, false] {
                let mut request = Request::new(row.method.clone(), row.path)
                    .header("user-agent", &agent)
                    .json(&Value::Object(body.clone()));
                if signed_in {
                    request = request.signed_in(&cookies);
                }
                let answer = site.send(request);
                assert!(answer.status < 500, "{} {name}: {answer:?}", row.path);
            }
        }
    }
    nothing_is_too_long(&site);
}

fn said(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["message"].clone())
}

#[test]
fn what_is_too_long_is_refused_by_name_and_what_fits_is_kept() {
    let site = Site::with_plugins(everything);
    let sign_up = |email: &str, more: Value| {
        let mut body = json!({"name": "Ada", "email": email, "password": PASSWORD});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        site.post("/sign-up/email", &body)
    };
    let x = |bytes: usize| "y".repeat(bytes);
    for (name, most) in [("name", 1024), ("image", 65_536), ("note", 8192), ("badge", 1024)] {
        let answer = sign_up("eve@example.com", json!({name: x(most + 1)}));
        let message = format!("{name}: has {} bytes, and {most} are allowed", most + 1);
        assert_eq!(said(&answer), (400, json!(message)));
        let fits = format!("{name}@example.com");
        assert_eq!(sign_up(&fits, json!({name: x(most)})).status, 200, "{name}");
    }
    // A local part of three thousand characters is more than an index of PostgreSQL holds.
    for bytes in [255, 3000] {
        let address = format!("{}@b.co", x(bytes - 5));
        let answer = sign_up(&address, json!({}));
        assert_eq!(said(&answer), (400, json!("[body.email] Invalid email address")));
        let body = json!({"email": address, "password": PASSWORD});
        assert_eq!(site.post("/sign-in/email", &body).status, 400);
    }
    assert_eq!(sign_up(&format!("{}@b.co", x(249)), json!({})).status, 200);
    nothing_is_too_long(&site);
}

#[test]
fn what_a_row_holds_already_stays_however_long_it_is() {
    let site = Site::with(|config| {
        let note = json!({"note": {"type": "string", "required": false}});
        config.user.additional_fields = serde_json::from_value(note).unwrap();
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    let long = r#"UPDATE "user" SET "name" = $1, "note" = $1"#;
    let name = "y".repeat(LONG);
    site.auth.database().write(|tx| tx.execute(long, &[name.as_str().into()])).unwrap();
    let update = |body: Value| {
        site.send(Request::post("/update-user").signed_in(&cookies).json(&body)).status
    };
    assert_eq!(update(json!({"image": "https://i/a.png"})), 200);
    assert_eq!(update(json!({"name": name})), 200);
    assert_eq!(update(json!({"name": format!("{name}x")})), 400);
    assert_eq!(update(json!({"note": name, "name": "Ada"})), 200);
    assert_eq!(update(json!({"note": format!("{name}x")})), 400);
    assert_eq!(update(json!({"note": "short"})), 200);
    assert_eq!(update(json!({"note": name})), 400);
}

#[test]
fn what_a_provider_says_is_kept_as_far_as_it_fits() {
    let provider = Provider::start();
    let site = social::site(&provider, |_| {});
    let text = "ä".repeat(LONG / 2);
    let user = json!({
        "id": 42, "username": "ada", "name": text, "email": "ada@example.com", "avatar_url": text,
        "state": "active", "locked": false, "email_verified": true,
    });
    provider.says("/api/v4/user", 200, user);
    let tokens =
        json!({"access_token": "access", "refresh_token": text, "expires_in": 7200, "scope": text});
    provider.says("/oauth/token", 200, tokens);
    let answer = come_back(&site, &social::sign_in(&site));
    assert_eq!(to(&answer), "/welcome");
    let user = site.session(&answer.cookies())["user"].clone();
    assert_eq!((&user["name"], &user["image"]), (&json!("ä".repeat(512)), &Value::Null));
    nothing_is_too_long(&site);
    let nobody = json!({
        "id": text, "username": "eve", "name": "Eve", "email": "eve@example.com",
        "state": "active", "locked": false, "email_verified": true,
    });
    provider.says("/api/v4/user", 200, nobody);
    let answer = come_back(&site, &social::sign_in(&site));
    assert_eq!(to(&answer), "/sorry?a=b&error=unable_to_get_user_info");
}

/// Asks to be sent to a provider, from this address.
fn begin(site: &Site, from: &str, more: &Value) -> Answer {
    let mut body = json!({"provider": "gitlab"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    site.send(Request::post("/sign-in/social").header("x-forwarded-for", from).json(&body))
}

#[test]
fn a_sign_in_that_is_under_way_keeps_little_of_the_request() {
    let provider = Provider::start();
    let site = social::site(&provider, |_| {});
    for (more, said) in [
        (json!({"additionalData": {"x": "y".repeat(900_000)}}), "additionalData: has 900008 bytes"),
        (json!({"callbackURL": format!("/{}", "y".repeat(4096))}), "callbackURL: has 4097 bytes"),
    ] {
        let answer = begin(&site, "192.0.2.1", &more);
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.json()["message"].as_str().unwrap().starts_with(said), "{answer:?}");
    }
    assert_eq!(site.stored("verification"), 0);
    let place = format!("/{}", "\u{e4}".repeat(2047));
    let all = json!({
        "callbackURL": place, "newUserCallbackURL": place, "errorCallbackURL": place,
        "additionalData": {"x": "y".repeat(4088)},
    });
    assert_eq!(begin(&site, "192.0.2.1", &all).status, 200);
}
