//! What holds for every row of the table of endpoints, so that a new one is covered before its author writes a
//! test.

use std::collections::HashSet;

use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Guard;
use http::Method;
use serde_json::Value;
use serde_json::json;

use crate::harness::Request;
use crate::harness::Site;
use crate::harness::members;

fn rows(site: &Site) -> Vec<&Endpoint> {
    let rows = site.auth.endpoints();
    assert!(10 <= rows.len());
    rows
}

fn request(row: &Endpoint) -> Request {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    row.query.iter().filter(|field| field.is_required).for_each(|field| {
        query.append_pair(field.name, "/x");
    });
    let query = query.finish();
    let separator = if query.is_empty() { "" } else { "?" };
    Request::new(row.method.clone(), &format!("{}{separator}{query}", row.path))
}

fn writes(row: &Endpoint) -> bool {
    row.method != Method::GET
}

/// A body that the row's form accepts.
fn valid_body(row: &Endpoint) -> Value {
    let Some(form) = row.body.form() else { return json!({}) };
    let body = valid(&form);
    assert!(form.fits(Some(&body)), "{} {form}: {body}", row.path);
    body
}

fn valid(form: &Form) -> Value {
    match form {
        Form::Any | Form::Text | Form::NonEmpty(_) => json!("/x"),
        Form::Coerced(_) => json!("nobody"),
        Form::Null => json!(null),
        Form::Flag => json!(true),
        Form::Always(flag) => json!(flag),
        Form::Number | Form::Integer | Form::Count => json!(60),
        Form::Email => json!("a@b.co"),
        Form::Time => json!("2026-11-23T12:00:00.000Z"),
        Form::OneOf(texts) => json!(texts[0]),
        Form::OrNull(form) => valid(form),
        Form::List(form) => json!([valid(form)]),
        Form::Map(form) => json!({"x": valid(form)}),
        Form::Record([]) => json!({"x": "y"}),
        Form::Object(members) | Form::Strict(members) | Form::Record(members) => {
            let members = members.iter();
            members.map(|member| (member.name.to_owned(), valid(&member.form))).collect()
        }
        Form::Row(row) => valid(&Form::Object(row.members)),
        Form::AnyOf(forms) | Form::ExactlyOne(forms) => valid(&forms[0]),
        Form::AllOf(forms) => {
            let objects = forms.iter().map(valid);
            objects.flat_map(|object| object.as_object().cloned().unwrap()).collect()
        }
    }
}

#[test]
fn every_row_for_get_answers_head_alike_unless_it_does_something_once() {
    let site = Site::with_plugins(|_| {});
    let mut with_effects = Vec::new();
    for row in rows(&site).into_iter().filter(|row| row.method == Method::GET) {
        let got = site.send(request(row));
        let head = site.send(Request { method: Method::HEAD, ..request(row) });
        if row.has_effects {
            with_effects.push(row.path);
            assert_eq!((head.status, head.body.as_str()), (200, ""), "{}", row.path);
        } else {
            assert_eq!((head.status, head.body.as_str()), (got.status, ""), "{}", row.path);
            let length = got.body.len().to_string();
            assert_eq!(head.header("content-length"), Some(length.as_str()), "{}", row.path);
        }
    }
    with_effects.sort_unstable();
    assert_eq!(with_effects, ["/callback/:id", "/delete-user/callback", "/verify-email"]);
}

#[test]
fn no_two_rows_are_the_same_and_every_one_is_described() {
    let site = Site::with_plugins(|_| {});
    let mut seen = HashSet::new();
    for row in rows(&site) {
        assert!(seen.insert((row.method.clone(), row.path)), "{} {}", row.method, row.path);
        assert!(!row.summary.is_empty() && !row.summary.ends_with('.'), "{}", row.path);
        assert!(row.path.starts_with('/') && !row.path.ends_with('/'), "{}", row.path);
        assert!(!row.group.is_empty(), "{}", row.path);
        let succeeds = row.answers.iter().any(|answer| answer.status < 400);
        assert!(succeeds, "{} {}: it is not said what it answers", row.method, row.path);
    }
}

#[test]
fn every_row_stands_in_the_document_with_all_that_it_answers() {
    let site = Site::with_plugins(|_| {});
    let document = site.send(Request::get("/open-api/generate-schema")).json();
    let mut ids = HashSet::new();
    for row in rows(&site) {
        let segments = row.path.split('/').map(|segment| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let operation = &document["paths"][&path][row.method.as_str().to_ascii_lowercase()];
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id}");
        let answered = row.answers.iter().map(|answer| answer.status);
        let refused = site.auth.errors(row);
        let refused =
            refused.iter().map(|code| code.in_dialect(site.auth.config().advanced.error_codes).1);
        for status in answered.chain(refused) {
            let response = operation["responses"].get(status.to_string());
            assert!(response.is_some(), "{} {path}: {status}", row.method);
        }
    }
    let described = document["paths"].as_object().unwrap().values();
    let described: usize = described.map(|methods| methods.as_object().unwrap().len()).sum();
    assert_eq!(described, ids.len(), "nothing else stands there");
}

#[test]
fn a_guarded_row_is_closed_to_a_valid_body_without_a_session() {
    let site = Site::with_plugins(|_| {});
    for row in rows(&site).into_iter().filter(|row| row.guard != Guard::None) {
        let mut request = request(row);
        if writes(row) {
            request = request.json(&valid_body(row));
        }
        let answer = site.send(request);
        assert_eq!(
            answer.outcome(),
            (401, "SESSION_EXPIRED".to_owned()),
            "{} {}",
            row.method,
            row.path
        );
    }
}

#[test]
fn no_endpoint_renews_the_cached_copy_of_a_revoked_session() {
    let site = Site::with_plugins(|config| {
        config.session.cookie_cache.enabled = true;
        config.session.defer_session_refresh = true;
    });
    let cookies = site.sign_up("ada@example.com").cookies();
    assert!(cookies.contains("session_data="), "{cookies}");
    assert_eq!(site.auth.api().revoke_sessions_of_all_users().unwrap(), 1);
    for row in rows(&site) {
        let what = format!("{} {}", row.method, row.path);
        let mut request = request(row).signed_in(&cookies);
        if writes(row) {
            request = request.json(&valid_body(row));
        }
        let answer = site.send(request);
        assert_eq!(answer.cookies(), "", "{what}");
        if writes(row) && row.guard != Guard::None {
            assert_eq!(answer.status, 401, "{what}");
        }
    }
    assert_ne!(site.session(&cookies), Value::Null, "the copy itself is valid");
}

#[test]
fn a_writing_row_is_closed_to_other_sites() {
    let site = Site::with_plugins(|_| {});
    for row in rows(&site).into_iter().filter(|row| writes(row)) {
        let request = request(row).header("cookie", "a=b").header("origin", "https://evil.example");
        let answer = site.send(request.json(&valid_body(row)));
        assert_eq!(
            answer.outcome(),
            (403, "INVALID_ORIGIN".to_owned()),
            "{} {}",
            row.method,
            row.path
        );
    }
}

#[test]
fn no_value_of_any_field_breaks_anything() {
    let site = Site::with_plugins(|_| {});
    let deep = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let values = [
        json!(1),
        json!(-0.5),
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!("\0"),
        json!(true),
        json!("\u{202e}\u{fffd}\u{10ffff}"),
        json!("y".repeat(1_000_000)),
        deep(100),
        json!({"$ne": null}),
        json!("a@b.co"),
        json!("//evil.example"),
        json!("%00%ff"),
    ];
    for row in rows(&site).into_iter().filter(|row| writes(row)) {
        for field in members(row) {
            for value in &values {
                let mut body = valid_body(row);
                body[field.name] = value.clone();
                let answer = site.send(request(row).json(&body));
                let what = format!(
                    "{} {} {} = {:.60}",
                    row.method,
                    row.path,
                    field.name,
                    value.to_string()
                );
                assert!(answer.status < 500, "{what}: {answer:?}");
            }
        }
    }
}

#[test]
fn no_body_breaks_anything() {
    let site = Site::with_plugins(|_| {});
    let bodies: [&[u8]; 10] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"x\"",
        b"\xff\xfe",
        b"{\"a\":\"\xff\"}",
        b"{\"email\":\"\\ud800\"}",
        b"{\"email\":1,\"email\":2}",
        &[b'['; 10_000],
    ];
    for row in rows(&site).into_iter().filter(|row| writes(row)) {
        for body in bodies {
            for media_type in
                ["application/json", "application/x-www-form-urlencoded", "text/plain", ";"]
            {
                let answer = site.send(request(row).body(media_type, body));
                assert!(answer.status < 500, "{} {media_type} {body:?}: {answer:?}", row.path);
            }
        }
    }
}

#[test]
fn no_other_spelling_of_a_path_reaches_a_handler() {
    let site = Site::with_plugins(|_| {});
    // A parameter stands for any text, so its row has no other spelling.
    for row in rows(&site).into_iter().filter(|row| !row.path.contains(':')) {
        let path = row.path;
        let first = path.as_bytes()[1];
        let encoded = format!("/%{first:02x}{}", path.get(2..).unwrap_or_default());
        for spelling in [
            format!("/{path}"),
            format!("{path}/"),
            path.to_uppercase(),
            encoded,
            format!("{path}%00"),
        ] {
            let answer = site.send(Request::new(row.method.clone(), &spelling));
            assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{spelling}");
        }
    }
}

#[test]
fn a_row_that_writes_is_heavy() {
    let site = Site::with_plugins(|_| {});
    for row in rows(&site) {
        let path = format!("/api/auth{}", row.path);
        // Links write although they are opened with GET, whoever asks another server waits, and describing
        // everything takes a while.
        let waits = [
            "/verify-email",
            "/delete-user/callback",
            "/callback/:id",
            "/account-info",
            "/open-api/generate-schema",
            "/reference",
        ];
        let asks_far = site.auth.database().is_remote() && !row.is_instant;
        let expected = writes(row) || waits.contains(&row.path) || asks_far;
        assert_eq!(site.auth.is_heavy(&row.method, &path), expected, "{} {path}", row.method);
    }
}

#[test]
fn every_row_has_a_scenario() {
    let texts: Vec<String> = ["endpoints", "plugins"]
        .iter()
        .flat_map(|folder| {
            let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
            std::fs::read_dir(format!("{tests}/{folder}")).unwrap()
        })
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for row in rows(&Site::with_plugins(|_| {})) {
        let path = format!("\"{}", row.path.split(':').next().unwrap());
        assert!(texts.iter().any(|text| text.contains(&path)), "{} {}", row.method, row.path);
    }
}
