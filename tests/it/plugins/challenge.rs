//! A plugin that asks for a second step at sign-in and hears what happens to accounts.

use std::time::Duration;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ErrorCode;
use better_auth::NewUser;
use better_auth::Plugin;
use better_auth::Secret;
use better_auth::api::attempts::AttemptLimit;
use better_auth::api::attempts::Attempts;
use better_auth::api::challenge;
use better_auth::api::check::DatabaseCheck;
use better_auth::api::entry;
use better_auth::api::one_time;
use better_auth::api::one_time::NewValue;
use better_auth::api::one_time::OneTime;
use better_auth::api::one_time::Purpose;
use better_auth::config::StoreIdentifier;
use better_auth::config::Transport;
use better_auth::crypto::random;
use better_auth::database::Tx;
use better_auth::http::Answer;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::endpoint::Effect;
use better_auth::instance::Caller;
use better_auth::instance::Event;
use better_auth::instance::EventKind;
use better_auth::instance::Hooks;
use better_auth::instance::Instance;
use better_auth::instance::caller::Actor;
use better_auth::instance::hooks::Challenge;
use better_auth::instance::proof::ClientValue;
use better_auth::instance::proof::Decision;
use better_auth::instance::proof::Method;
use better_auth::instance::proof::Proof;
use better_auth::record;
use better_auth::rows::Bind;
use better_auth::rows::Binder;
use better_auth::rows::Catalog;
use better_auth::rows::Insert;
use better_auth::rows::Query;
use better_auth::schema;
use better_auth::schema::Column;
use better_auth::schema::Fill;
use better_auth::schema::Table;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::endpoints::generic_oauth;
use crate::endpoints::store_identifier::HASHED;
use crate::harness::Answer as Answered;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::provider::signed;

const PASSWORD: &str = "correct horse battery";
/// Whose address begins with this must show the code.
const CAREFUL: &str = "careful@example.com";
const CODE: &str = "123456";
const PURPOSE: Purpose = Purpose::new("step-");
const COOKIE: &str = "step";
const TRUSTED: &str = "step_trusted";
const TRUST: Purpose = Purpose::new("trusted-device-");
const LOCKED: &ErrorCode = &ErrorCode::new("STEP_LOCKED", 429, "Too many wrong codes");
const LIMIT: AttemptLimit =
    AttemptLimit { max: 3, window: TEN_MINUTES, lock: TEN_MINUTES, refusal: LOCKED };
const TEN_MINUTES: Duration = Duration::from_secs(600);
const WRONG: &ErrorCode = &ErrorCode::new("WRONG_CODE", 401, "Wrong code");
const NO_CHALLENGE: &ErrorCode = &ErrorCode::new("NO_CHALLENGE", 401, "No challenge is open");

struct Heard {
    id: String,
    name: String,
    user_id: Option<String>,
    actor: String,
    more: String,
}

record!(Heard in "heard" { id: "id", name: "name", user_id: "userId", actor: "actor", more: "more" });

struct Sql {
    insert: Insert<Heard>,
    all: Query<Heard>,
}

impl Bind for Sql {
    const MODEL: &'static str = "heard";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self { insert: binder.insert(), all: binder.query("SELECT {*} FROM {@} ORDER BY {id}") }
    }
}

const VERIFIED: &[Answer] = &[Answer::json(&Form::SIGNED_IN)];

/// Asks for a code, and refuses to write down what happens to this address.
struct Step;

impl Plugin for Step {
    fn id(&self) -> &'static str {
        "step"
    }

    fn tables(&self) -> Vec<Table> {
        let text = |name, fill| Column::new(name, schema::Kind::Text, fill);
        vec![Table::new(
            "heard",
            vec![
                text("id", Fill::Nothing),
                text("name", Fill::Nothing),
                text("userId", Fill::Null),
                text("actor", Fill::Nothing),
                text("more", Fill::Nothing),
            ],
        )]
    }

    fn bind(&self, catalog: &mut Catalog) {
        catalog.add::<Sql>();
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        const BODY: Body = Body::object(&[
            Member::required("code", Form::Text),
            Member::optional("trust", Form::Flag),
        ]);
        vec![
            Endpoint::post("/step/verify", verify)
                .summary("Show the code")
                .body(BODY)
                .effects(&[Effect::BeginsSession])
                .answers(VERIFIED)
                .errors(&[WRONG, NO_CHALLENGE, LOCKED]),
        ]
    }

    fn purposes(&self) -> Vec<Purpose> {
        vec![TRUST]
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            challenge: Some(Challenge { purpose: PURPOSE, rule: ask }),
            on_event: Some(hear),
            ..Hooks::default()
        }
    }

    fn answers(&self) -> Vec<(Effect, Answer)> {
        const ASKED: Form = Form::Object(&[
            Member::required("stepRequired", Form::Always(true)),
            Member::required("methods", Form::List(&Form::Text)),
        ]);
        vec![(Effect::BeginsSession, Answer::json(&ASKED))]
    }
}

fn ask(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    proof: &Proof<'_>,
) -> Result<Option<Decision>, AuthError> {
    let device = caller.presents(TRUSTED).map(|token| OneTime::new(instance, TRUST, &token));
    let device = device.map(|device| device.find(tx)).transpose()?.flatten();
    if !proof.user.email.ends_with(CAREFUL) || device.as_ref() == Some(&proof.user.id) {
        return Ok(None);
    }
    let token = challenge::open(tx, instance, PURPOSE, &proof.user.id, TEN_MINUTES)?;
    let kept = ClientValue { name: COOKIE, value: Some((token, TEN_MINUTES)) };
    let asked = json!({"stepRequired": true, "methods": ["code", "call"]});
    let challenge = asked.as_object().cloned();
    Ok(Some(Decision { challenge, client_values: vec![kept] }))
}

fn verify(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.signed_cookie_of(COOKIE)?.ok_or(NO_CHALLENGE)?;
    let is_right = cx.input.text("code") == Some(CODE);
    let trusts = cx.input.flag("trust") == Some(true);
    let remember = !cx.is_not_remembered()?;
    let (instance, caller) = (cx.instance(), cx.caller());
    let mut open = challenge::Challenge::new(instance, PURPOSE, &token);
    let entered = instance.database().write(|tx| {
        let user = open.find(tx)?.ok_or(NO_CHALLENGE)?;
        let attempts = Attempts::new(instance, PURPOSE, &user.id, LIMIT);
        attempts.admit(tx)?;
        if !is_right {
            return Ok(Err(attempts));
        }
        let user = open.take(tx)?.ok_or(NO_CHALLENGE)?;
        attempts.forget(tx)?;
        let method = Method::OfPlugin("step");
        let proof = Proof { met: Some(PURPOSE), remember, ..Proof::new(&user, method) };
        let mut entered = entry::enter(tx, instance, &caller, &proof)?;
        if trusts {
            entered.client_values.push(trust(tx, instance, &user.id)?);
        }
        Ok::<_, AuthError>(Ok(entered))
    })?;
    // A failure is counted in a transaction of its own: this one would undo it.
    let entered = match entered {
        Ok(entered) => entered,
        Err(attempts) => return attempts.fail().and(Err(WRONG.into())),
    };
    let mut entered = entered.try_map(|begun| {
        let found = begun.publish(instance)?;
        Ok::<_, AuthError>(found)
    })?;
    entered.client_values.push(ClientValue { name: COOKIE, value: None });
    cx.signed_in_reply(entered, remember)
}

/// A value that the client keeps names a row, so that the trust expires and can be revoked.
fn trust(tx: &mut Tx<'_>, instance: &Instance, user_id: &str) -> Result<ClientValue, AuthError> {
    let (token, expires_at) = (random::token(), tx.now().after(TEN_MINUTES));
    let new =
        NewValue { purpose: TRUST, token: &token, value: user_id, expires_at, can_be_void: true };
    one_time::issue(tx, instance, &new)?;
    Ok(ClientValue { name: TRUSTED, value: Some((token, TEN_MINUTES)) })
}

fn hear(tx: &mut Tx<'_>, _: &Instance, event: &Event<'_>) -> Result<(), AuthError> {
    let more = match event.kind {
        EventKind::SignedIn { method, .. } | EventKind::SignInChallenged { method } => {
            method.name()
        }
        EventKind::SignInRefused { code, .. } => code.name,
        EventKind::EmailChanged { to, .. } => to,
        EventKind::AccountLinked { provider_id, .. }
        | EventKind::AccountUnlinked { provider_id } => provider_id,
        EventKind::UserUpdated { user, .. } if user.name == "Undone" => return Err(WRONG.into()),
        _ => "",
    };
    let actor = match event.actor {
        Actor::User { impersonator: Some(_), .. } => "impersonator".to_owned(),
        Actor::User { id, .. } if Some(id.as_str()) == event.user_id => "self".to_owned(),
        Actor::User { .. } => "administrator".to_owned(),
        Actor::Operator { name } => format!("operator {name}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let heard = Heard {
        // In the order in which they happen.
        id: format!("{:020}{}", order(), random::id()),
        name: event.kind.name().to_owned(),
        user_id: event.user_id.map(str::to_owned),
        actor,
        more: more.to_owned(),
    };
    Ok(tx.statements::<Sql>()?.insert.run(tx, &heard).map(drop)?)
}

fn order() -> u64 {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering;
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What was heard since this many events, as `name actor more`.
fn heard(auth: &BetterAuth, since: usize) -> Vec<String> {
    let all = auth.database().read(|tx| tx.statements::<Sql>()?.all.all(tx, &[])).unwrap();
    let line = |heard: Heard| format!("{} {} {}", heard.name, heard.actor, heard.more);
    all.into_iter().skip(since).map(line).map(|line| line.trim_end().to_owned()).collect()
}

/// What was heard since the last time.
fn next(site: &Site, so_far: &mut usize) -> Vec<String> {
    let heard = heard(&site.auth, *so_far);
    *so_far += heard.len();
    heard
}

fn site(change: impl FnOnce(&mut Config)) -> Site {
    Site::with_plugin(Step, |config| {
        config.email.transport = Some(Transport::File);
        config.user.change_email.enabled = true;
        change(config);
    })
}

fn create(site: &Site, email: &str) -> String {
    let new = NewUser {
        email: email.to_owned(),
        password: Some(Secret::new(PASSWORD)),
        email_verified: true,
        ..NewUser::default()
    };
    site.auth.api().create_user(&new).unwrap().id
}

/// Fails if anything of a session exists; answers the cookies of the open challenge.
fn challenged(site: &Site, answer: &Answered) -> String {
    assert!(answer.status == 200 || answer.status == 302, "{answer:?}");
    assert_eq!(site.stored("session"), 0, "{answer:?}");
    assert!(
        !answer.body.contains("token") && answer.header("set-auth-token").is_none(),
        "{answer:?}"
    );
    for cookie in answer.set_cookies() {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        assert!(value.is_empty() || !name.contains("session"), "{cookie}");
    }
    let cookies = answer.cookies();
    assert!(site.session(&cookies).is_null(), "{cookies}");
    cookies
}

fn verify_with(site: &Site, cookies: &str, body: &Value) -> Answered {
    site.send(Request::post("/step/verify").json(body).signed_in(cookies))
}

fn sign_in(site: &Site, cookies: &str, remember: bool) -> Answered {
    let body = json!({"email": CAREFUL, "password": PASSWORD, "rememberMe": remember});
    site.send(Request::post("/sign-in/email").json(&body).signed_in(cookies))
}

#[test]
fn while_a_challenge_is_open_nothing_of_a_session_exists_whatever_way_was_taken() {
    let provider = Provider::start();
    let site = site(|config| {
        config.plugins =
            [("username".to_owned(), json!({})), ("bearer".to_owned(), json!({}))].into();
        config.session.cookie_cache.enabled = true;
        config.email_verification.auto_sign_in_after_verification = true;
        config.email_verification.send_on_sign_up = Some(true);
        generic_oauth::add(&provider, config);
    });
    let asked = json!({"stepRequired": true, "methods": ["code", "call"]});

    let body = json!({"name": "A", "email": CAREFUL, "password": PASSWORD, "username": "careful"});
    let signed_up = site.post("/sign-up/email", &body);
    assert_eq!((signed_up.status, signed_up.json()), (200, asked.clone()));
    challenged(&site, &signed_up);

    let named = json!({"username": "careful", "password": PASSWORD, "callbackURL": "/home"});
    for (path, body) in [
        ("/sign-in/email", &json!({"email": CAREFUL, "password": PASSWORD})),
        ("/sign-in/username", &named),
    ] {
        let answer = site.post(path, body);
        assert_eq!((answer.status, answer.json()), (200, asked.clone()), "{path}");
        challenged(&site, &answer);
    }

    let link = site.mail();
    let opened = site.send(Request::get(&format!(
        "{}&callbackURL=%2Fhome",
        link.path().split("&callback").next().unwrap()
    )));
    assert_eq!(opened.header("location"), Some("/home?stepRequired=true&methods=code%2Ccall"));
    challenged(&site, &opened);

    let come_back =
        generic_oauth::come_back(&site, &provider, "", |claims| claims["email"] = json!(CAREFUL));
    assert_eq!(come_back.header("location"), Some("/home?stepRequired=true&methods=code%2Ccall"));
    challenged(&site, &come_back);

    let (keys, token) =
        signed(&json!({"iss": provider.url, "sub": "7", "aud": "the id", "iat": 1_795_435_200,
        "exp": 1_795_435_800, "email": CAREFUL, "email_verified": true, "name": "Ada"}));
    provider.says("/keys", 200, keys);
    let by_token =
        site.post("/sign-in/social", &json!({"provider": "mine", "idToken": {"token": token}}));
    assert_eq!((by_token.status, by_token.json()), (200, asked), "{by_token:?}");
    let cookies = challenged(&site, &by_token);

    let done = verify_with(&site, &cookies, &json!({"code": CODE}));
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(done.header("set-auth-token").is_some(), site.stored("session") == 1);
    assert_eq!(site.session(&done.cookies())["user"]["email"], CAREFUL);
}

#[test]
fn a_challenge_is_met_once_and_remembers_how_the_sign_in_was_meant() {
    let site = site(|_| {});
    create(&site, CAREFUL);
    let challenge = challenged(&site, &sign_in(&site, "", false));
    let wrong = verify_with(&site, &challenge, &json!({"code": "1"}));
    assert_eq!(wrong.outcome(), (401, "WRONG_CODE".to_owned()));
    assert_eq!(verify_with(&site, "", &json!({"code": CODE})).outcome().0, 401);

    let done = verify_with(&site, &challenge, &json!({"code": CODE, "trust": true}));
    assert_eq!(done.json()["user"]["email"], CAREFUL);
    let session =
        done.set_cookies().into_iter().find(|line| line.contains("session_token=")).unwrap();
    assert!(!session.contains("Max-Age"), "{session}");
    assert_eq!(verify_with(&site, &challenge, &json!({"code": CODE})).outcome().0, 401);

    // The device is trusted from now on, and only for this user.
    let again = sign_in(&site, &done.cookies(), true);
    assert!(again.json()["token"].is_string(), "{again:?}");
    create(&site, &format!("more-{CAREFUL}"));
    let body = json!({"email": format!("more-{CAREFUL}"), "password": PASSWORD});
    let other = site.send(Request::post("/sign-in/email").json(&body).signed_in(&done.cookies()));
    assert_eq!(other.json()["stepRequired"], true);
}

#[test]
fn an_open_challenge_is_void_after_its_time_and_after_a_new_password() {
    let site = site(|_| {});
    let id = create(&site, CAREFUL);
    let first = challenged(&site, &sign_in(&site, "", true));
    site.auth.api().set_password(&id, &Secret::new(PASSWORD), false).unwrap();
    assert_eq!(verify_with(&site, &first, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
    let second = challenged(&site, &sign_in(&site, "", true));
    site.wait(TEN_MINUTES + Duration::from_secs(1));
    assert_eq!(verify_with(&site, &second, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
    let third = challenged(&site, &sign_in(&site, "", true));
    site.auth.api().delete_user(&id).unwrap();
    assert_eq!(verify_with(&site, &third, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
    assert_eq!(site.stored("session"), 0);
}

#[test]
fn what_happens_to_accounts_is_heard_with_who_did_it() {
    let site = site(|config| {
        config.plugins = [("admin".to_owned(), json!({}))].into();
        config.email_and_password.lockout.max_attempts = 3;
    });
    assert_eq!(heard(&site.auth, 0), ["schema.migrated program"]);
    let mut so_far = 1;
    let mut next = |site: &Site| next(site, &mut so_far);

    let ada = site.sign_up("ada@example.com");
    let cookies = ada.cookies();
    assert_eq!(next(&site), ["user.created client", "sign-in.succeeded client sign-up"]);

    let named = |password: &str| json!({"email": "ada@example.com", "password": password});
    for _ in 0..3 {
        site.post("/sign-in/email", &named("wrong"));
    }
    site.post("/sign-in/email", &named("wrong"));
    site.post("/sign-in/email", &json!({"email": "nobody@example.com", "password": "wrong"}));
    assert_eq!(
        next(&site),
        [
            "sign-in.refused client INVALID_EMAIL_OR_PASSWORD",
            "sign-in.refused client INVALID_EMAIL_OR_PASSWORD",
            "sign-in.locked client",
            "sign-in.refused client INVALID_EMAIL_OR_PASSWORD",
            "sign-in.refused client INVALID_EMAIL_OR_PASSWORD",
        ]
    );

    let api = site.auth.api();
    let id = api.find_user("ada@example.com").unwrap().unwrap().id;
    api.unlock_user(&id).unwrap();
    site.send(Request::post("/update-user").json(&json!({"name": "Countess"})).signed_in(&cookies));
    let new = json!({"currentPassword": PASSWORD, "newPassword": "another horse", "revokeOtherSessions": true});
    let changed = site.send(Request::post("/change-password").json(&new).signed_in(&cookies));
    assert_eq!(
        next(&site),
        [
            "sign-in.unlocked program",
            "user.updated self",
            "user.password-changed self",
            "session.revoked self"
        ]
    );

    let cookies = changed.cookies();
    site.send(Request::post("/sign-out").signed_in(&cookies));
    assert_eq!(next(&site), ["session.revoked client"]);
}

#[test]
fn what_an_administrator_does_is_heard_as_theirs_also_in_an_impersonation() {
    let site = site(|config| config.plugins = [("admin".to_owned(), json!({}))].into());
    site.sign_up("ada@example.com");
    let api = site.auth.api();
    let id = api.find_user("ada@example.com").unwrap().unwrap().id;
    let fields = Map::from_iter([("role".to_owned(), json!("admin"))]);
    let boss = NewUser {
        email: "boss@example.com".to_owned(),
        password: Some(Secret::new(PASSWORD)),
        additional: fields,
        ..NewUser::default()
    };
    api.create_user(&boss).unwrap();
    let boss =
        site.post("/sign-in/email", &json!({"email": "boss@example.com", "password": PASSWORD}));
    let boss = boss.cookies();
    let mut so_far = heard(&site.auth, 0).len();
    let by_boss = |path: &str, body: &Value| {
        let answer = site.send(Request::post(path).json(body).signed_in(&boss));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    };
    let impersonation = by_boss("/admin/impersonate-user", &json!({"userId": id})).cookies();
    site.send(
        Request::post("/update-user").json(&json!({"name": "Ada"})).signed_in(&impersonation),
    );
    by_boss("/admin/ban-user", &json!({"userId": id}));
    site.post("/sign-in/email", &json!({"email": "ada@example.com", "password": PASSWORD}));
    by_boss("/admin/unban-user", &json!({"userId": id}));
    by_boss("/admin/set-role", &json!({"userId": id, "role": "admin"}));
    by_boss(
        "/admin/update-user",
        &json!({"userId": id, "data": {"email": "lovelace@example.com"}}),
    );
    by_boss("/admin/remove-user", &json!({"userId": id}));
    assert_eq!(
        next(&site, &mut so_far),
        [
            "session.impersonated administrator",
            "user.updated impersonator",
            "session.revoked administrator",
            "user.banned administrator",
            "user.updated administrator",
            "sign-in.refused client BANNED_USER",
            "user.unbanned administrator",
            "user.updated administrator",
            "user.role-changed administrator",
            "user.updated administrator",
            "user.updated administrator",
            "user.email-changed administrator lovelace@example.com",
            "user.deleted administrator",
        ]
    );
}

#[test]
fn a_listener_that_fails_undoes_what_it_heard() {
    let site = site(|_| {});
    let cookies = site.sign_up("ada@example.com").cookies();
    let before = heard(&site.auth, 0).len();
    let undone = Request::post("/update-user").json(&json!({"name": "Undone"})).signed_in(&cookies);
    assert_eq!(site.handle(undone).outcome(), (401, "WRONG_CODE".to_owned()));
    assert_eq!(site.session(&cookies)["user"]["name"], "Ada");
    assert_eq!(heard(&site.auth, before), Vec::<String>::new());
}

#[test]
fn the_operator_is_named_where_the_command_line_acts() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
    let auth = BetterAuth::builder(config).plugin(Step).operator("grace").build().unwrap();
    auth.migrate().unwrap();
    let new = NewUser { email: "ada@example.com".to_owned(), ..NewUser::default() };
    let id = auth.api().create_user(&new).unwrap().id;
    let change = r#"UPDATE "user" SET "createdAt" = 'yesterday'"#;
    auth.database().write(|tx| tx.execute(change, &[])).unwrap();
    let call = auth.call();
    let check = DatabaseCheck { instance: call.instance(), limit: 0 };
    check.repair(false, &call.caller(), &mut |_| {}, &mut |_| true).unwrap();
    auth.api().delete_user(&id).unwrap();
    assert_eq!(
        heard(&auth, 0),
        [
            "schema.migrated operator grace",
            "user.created operator grace",
            "database.repaired operator grace",
            "user.deleted operator grace"
        ]
    );
}

#[test]
fn another_address_makes_an_open_challenge_void() {
    let site = site(|_| {});
    let id = create(&site, CAREFUL);
    let open = challenged(&site, &sign_in(&site, "", true));
    let changes = better_auth::UserChanges {
        email: Some(format!("new-{CAREFUL}")),
        ..better_auth::UserChanges::default()
    };
    site.auth.api().update_user(&id, &changes).unwrap();
    assert_eq!(verify_with(&site, &open, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
}

#[test]
fn an_unlinked_password_makes_an_open_challenge_void() {
    let site = site(|config| config.account.account_linking.allow_unlinking_all = true);
    let id = create(&site, CAREFUL);
    let open = challenged(&site, &sign_in(&site, "", true));
    let accounts = site.auth.api().list_accounts(&id).unwrap();
    site.auth.api().unlink_account(&id, &accounts[0].id).unwrap();
    assert_eq!(verify_with(&site, &open, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
}

#[test]
fn revoking_all_sessions_makes_an_open_challenge_void() {
    for form in [StoreIdentifier::default(), HASHED] {
        let site = site(|config| config.verification.store_identifier = form);
        let id = create(&site, CAREFUL);
        let open = || challenged(&site, &sign_in(&site, "", true));
        let verify = |open: &str| verify_with(&site, open, &json!({"code": CODE})).outcome().1;
        let first = open();
        site.auth.api().revoke_all_sessions(&id).unwrap();
        assert_eq!(verify(&first), "NO_CHALLENGE");
        let second = open();
        site.auth.api().revoke_sessions_of_all_users().unwrap();
        assert_eq!(verify(&second), "NO_CHALLENGE");
        // What begins afterwards counts.
        assert_eq!(verify(&open()), "");
    }
}

#[test]
fn a_ban_makes_an_open_challenge_void() {
    let site = site(|config| config.plugins = [("admin".to_owned(), json!({}))].into());
    let id = create(&site, CAREFUL);
    let open = challenged(&site, &sign_in(&site, "", true));
    let fields = Map::from_iter([("banned".to_owned(), json!(true))]);
    let changes = better_auth::UserChanges { additional: fields, ..Default::default() };
    site.auth.api().update_user(&id, &changes).unwrap();
    assert_eq!(verify_with(&site, &open, &json!({"code": CODE})).outcome().1, "NO_CHALLENGE");
    assert_eq!(site.stored("session"), 0);
}

#[test]
fn a_link_that_names_no_place_shows_the_page_although_a_challenge_is_open() {
    let site = site(|config| {
        config.email_verification.auto_sign_in_after_verification = true;
        config.email_verification.send_on_sign_up = Some(true);
    });
    site.post("/sign-up/email", &json!({"name": "A", "email": CAREFUL, "password": PASSWORD}));
    let path = site.mail().path().to_owned();
    let opened = site.send(Request::get(&path).header("accept", "text/html"));
    assert_eq!(opened.status, 200, "{path} {opened:?}");
}

#[test]
fn parameters_of_a_link_are_not_taken_for_those_of_the_challenge() {
    let site = site(|config| {
        config.email_verification.auto_sign_in_after_verification = true;
        config.email_verification.send_on_sign_up = Some(true);
    });
    site.post("/sign-up/email", &json!({"name": "A", "email": CAREFUL, "password": PASSWORD}));
    let link = site.mail();
    let path = link.path().split("&callback").next().unwrap().to_owned();
    let opened = site.send(Request::get(&format!("{path}&callbackURL=%2Fhome%3Fmethods%3Devil")));
    assert_eq!(opened.header("location"), Some("/home?stepRequired=true&methods=code%2Ccall"));
}

#[test]
fn guesses_at_the_second_step_are_counted_across_challenges() {
    let site = site(|_| {});
    create(&site, CAREFUL);
    for expected in ["WRONG_CODE", "WRONG_CODE", "WRONG_CODE", "STEP_LOCKED", "STEP_LOCKED"] {
        let open = challenged(&site, &sign_in(&site, "", true));
        let wrong = verify_with(&site, &open, &json!({"code": "000000"}));
        assert_eq!(wrong.outcome().1, expected);
    }
    let open = challenged(&site, &sign_in(&site, "", true));
    assert_eq!(verify_with(&site, &open, &json!({"code": CODE})).outcome().1, "STEP_LOCKED");
    site.wait(TEN_MINUTES + Duration::from_secs(1));
    let open = challenged(&site, &sign_in(&site, "", true));
    assert_eq!(verify_with(&site, &open, &json!({"code": CODE})).status, 200);
}
