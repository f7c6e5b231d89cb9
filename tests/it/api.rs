//! `auth.api()`: the rules as typed calls.

use better_auth::ListSessions;
use better_auth::ListUsers;
use better_auth::NewUser;
use better_auth::Secret;
use better_auth::UserChanges;
use better_auth::codes;
use better_auth::models::user::UserField;
use better_auth::operations::Sort;
use better_auth::rows::Direction;
use http::HeaderMap;

use crate::harness::Site;
use crate::harness::site::PASSWORD;

fn new(email: &str, name: &str) -> NewUser {
    NewUser { email: email.to_owned(), name: name.to_owned(), ..NewUser::default() }
}

#[test]
fn a_session_is_found_by_the_headers_of_a_request_and_not_extended() {
    let site = Site::new();
    let signed_up = site.sign_up("ada@example.com");
    let mut headers = HeaderMap::new();
    assert_eq!(site.auth.api().get_session(&headers).unwrap(), None);
    headers.insert("cookie", signed_up.cookies().parse().unwrap());
    site.wait(std::time::Duration::from_secs(2 * 24 * 60 * 60));
    let found = site.auth.api().get_session(&headers).unwrap().unwrap();
    assert_eq!(found.user.email, "ada@example.com");
    assert_eq!(found.session.expires_at.to_string(), "2026-11-30T12:00:00.000Z");
}

#[test]
fn users_are_created_found_changed_and_deleted() {
    let site = Site::new();
    let api = site.auth.api();
    let ada = api.create_user(&new("Ada@Example.com", "Ada")).unwrap();
    assert_eq!(ada.email, "ada@example.com");
    for who in [ada.id.as_str(), "ada@example.com", "ADA@example.com"] {
        assert_eq!(api.find_user(who).unwrap().as_ref(), Some(&ada), "{who}");
    }
    let taken = api.create_user(&new("ada@example.com", "Other")).unwrap_err();
    assert!(taken.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL));
    assert!(api.create_user(&new("nonsense", "")).unwrap_err().is(codes::INVALID_EMAIL));

    let verified = UserChanges { email_verified: Some(true), ..UserChanges::default() };
    assert!(api.update_user(&ada.id, &verified).unwrap().email_verified);
    let moved = UserChanges { email: Some("Ada@New.example".to_owned()), ..UserChanges::default() };
    let moved = api.update_user(&ada.id, &moved).unwrap();
    assert_eq!((moved.email.as_str(), moved.email_verified), ("ada@new.example", false));
    api.create_user(&new("bob@example.com", "Bob")).unwrap();
    let clash = UserChanges { email: Some("bob@example.com".to_owned()), ..UserChanges::default() };
    let clash = api.update_user(&ada.id, &clash).unwrap_err();
    assert!(clash.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL));

    api.delete_user(&ada.id).unwrap();
    assert!(api.delete_user(&ada.id).unwrap_err().is(codes::USER_NOT_FOUND));
    assert!(api.get_user(&ada.id).unwrap_err().is(codes::USER_NOT_FOUND));
}

#[test]
fn a_list_is_searched_sorted_and_paged() {
    let site = Site::new();
    let api = site.auth.api();
    for (email, name) in [("c@x.example", "Cy"), ("a@x.example", "An_n"), ("b@y.example", "Bo%b")] {
        api.create_user(&new(email, name)).unwrap();
        site.wait(std::time::Duration::from_secs(1));
    }
    let emails = |list: &ListUsers| -> Vec<String> {
        api.list_users(list).unwrap().users.into_iter().map(|user| user.email).collect()
    };
    assert_eq!(emails(&ListUsers::default()), ["b@y.example", "a@x.example", "c@x.example"]);
    let by_email = Sort { field: UserField::Email, direction: Direction::Ascending };
    let second =
        ListUsers { limit: 1, offset: 1, sort: by_email, total: true, ..ListUsers::default() };
    let page = api.list_users(&second).unwrap();
    assert_eq!((page.users[0].email.as_str(), page.total), ("b@y.example", Some(3)));
    for (search, expected) in
        [("X.EXAMPLE", 2), ("_", 1), ("%", 1), ("cy", 1), ("nobody", 0), ("'", 0)]
    {
        let search_text = Some(search.to_owned());
        let list = ListUsers { search: search_text, total: true, ..ListUsers::default() };
        let found = api.list_users(&list).unwrap();
        assert_eq!((found.users.len(), found.total), (expected, Some(expected as u64)), "{search}");
    }
}

#[test]
fn sessions_are_listed_and_revoked() {
    let site = Site::new();
    let api = site.auth.api();
    let ada = site.sign_up("ada@example.com");
    let bob = site.sign_up("bob@example.com");
    let ada_id = ada.json()["user"]["id"].as_str().unwrap().to_owned();
    let of_ada =
        || ListSessions { user: Some(ada_id.clone()), total: true, ..ListSessions::default() };
    let listed = api.list_sessions(&of_ada()).unwrap();
    assert_eq!((listed.sessions.len(), listed.total), (1, Some(1)));
    assert_eq!(api.list_sessions(&ListSessions::default()).unwrap().sessions.len(), 2);

    let id = &listed.sessions[0].id;
    assert_eq!(api.revoke_session(id).unwrap().id, *id);
    assert!(api.revoke_session(id).unwrap_err().is(codes::SESSION_NOT_FOUND));
    assert_eq!(site.session(&ada.cookies()), serde_json::Value::Null);
    assert_ne!(site.session(&bob.cookies()), serde_json::Value::Null);
    assert_eq!(api.revoke_all_sessions(&ada_id).unwrap(), 0);
    assert_eq!(api.revoke_sessions_of_all_users().unwrap(), 1);
}

#[test]
fn more_than_a_hundred_sessions_end_at_once() {
    let site = Site::new();
    let ada = site.sign_up("ada@example.com");
    let user = ada.json()["user"]["id"].as_str().unwrap().to_owned();
    let sql = r#"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
        INSERT INTO "session" ("id", "userId", "token", "expiresAt", "createdAt", "updatedAt")
        SELECT 'i' || i, $1, 't' || i, '2100-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z',
            '2026-01-01T00:00:00.000Z' FROM n"#;
    site.auth.database().write(|tx| tx.execute(sql, &[(&user).into()])).unwrap();
    assert_eq!(site.auth.api().revoke_all_sessions(&user).unwrap(), 151);
}

#[test]
fn a_password_is_set_for_whoever_had_none() {
    let site = Site::new();
    let api = site.auth.api();
    let ada = api.create_user(&new("ada@example.com", "Ada")).unwrap();
    assert_eq!(api.list_accounts(&ada.id).unwrap().len(), 0);
    let short = api.set_password(&ada.id, &Secret::new("short"), false).unwrap_err();
    assert!(short.is(codes::PASSWORD_TOO_SHORT));
    api.set_password(&ada.id, &Secret::new(PASSWORD), false).unwrap();
    assert_eq!(api.list_accounts(&ada.id).unwrap()[0].provider_id, "credential");
    let body = serde_json::json!({"email": "ada@example.com", "password": PASSWORD});
    assert_eq!(site.post("/sign-in/email", &body).status, 200);
    let nobody = api.set_password("nobody", &Secret::new(PASSWORD), false).unwrap_err();
    assert!(nobody.is(codes::USER_NOT_FOUND));
}
