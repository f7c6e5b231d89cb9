//! Every secret of every flow, shown at every door: it opens its own and no other, and no attempt uses it up
//! [security 1.6, 1.7].

use better_auth::NewUser;
use better_auth::Secret;
use better_auth::config::CookieCacheStrategy;
use better_auth::config::StateStrategy;
use better_auth::config::Transport;
use serde_json::Value;
use serde_json::json;

use super::cookie;
use crate::endpoints::social;
use crate::endpoints::social::come_back;
use crate::endpoints::social::sign_in;
use crate::harness::Answer;
use crate::harness::Provider;
use crate::harness::Request;
use crate::harness::Site;
use crate::harness::site::PASSWORD;

const SESSION: &str = "better-auth.session_token";
const COPY: &str = "better-auth.session_data";
const ADMIN: &str = "better-auth.admin_session";

/// What somebody was given, and the doors that it is for; the last of them uses it up.
struct Given {
    what: &'static str,
    value: String,
    opens: &'static [&'static str],
}

/// A place where a secret can be shown; answers whether it counted.
type Door = (&'static str, fn(&Stage, &str) -> bool);

const DOORS: &[Door] = &[
    ("session cookie", |stage, value| {
        let session = stage.get("/get-session?disableCookieCache=true", &[(SESSION, value)]);
        session.body != "null"
    }),
    ("bearer", |stage, value| {
        let request =
            Request::get("/get-session").header("authorization", format!("Bearer {value}"));
        stage.site.send(request).body != "null"
    }),
    ("session copy", |stage, value| {
        let answer = stage.get("/get-session", &[(SESSION, &stage.ada), (COPY, value)]);
        !answer.set_cookies().iter().any(|line| line.starts_with("better-auth.session_data=;"))
    }),
    ("mark of a session that ends with the browser", |stage, value| {
        let mark = ("better-auth.dont_remember", value);
        let answer = stage.get("/get-session", &[(SESSION, &stage.ada), mark]);
        !answer.set_cookies().iter().any(|line| line.starts_with(COPY))
    }),
    ("verify-email", |stage, value| {
        stage.get(&format!("/verify-email?token={}", escape(value)), &[]).status == 200
    }),
    ("reset page", |stage, value| {
        let answer = stage.get(&format!("/reset-password/{}?callbackURL=/x", escape(value)), &[]);
        answer.header("location").is_some_and(|place| place.contains("token="))
    }),
    ("reset-password", |stage, value| {
        let body = json!({"token": value, "newPassword": "a password of the thief"});
        stage.site.post("/reset-password", &body).status == 200
    }),
    ("delete-user", |stage, value| {
        let request = Request::post("/delete-user").signed_in(&format!("{SESSION}={}", stage.ada));
        stage.site.send(request.json(&json!({ "token": value }))).status == 200
    }),
    ("deletion link", |stage, value| {
        let path = format!("/delete-user/callback?token={}", escape(value));
        stage.get(&path, &[(SESSION, &stage.ada)]).status < 400
    }),
    ("state", |stage, value| {
        let path = format!("/callback/gitlab?code=c&state={}", escape(value));
        is_in(&stage.get(&path, &[(stage.state_name, &stage.first.1)]))
    }),
    ("state cookie", |stage, value| {
        let path = format!("/callback/gitlab?code=c&state={}", stage.second.0);
        is_in(&stage.get(&path, &[(stage.state_name, value)]))
    }),
    ("account cookie", |stage, value| {
        let cookies = format!("{SESSION}={}; better-auth.account_data={value}", stage.gil);
        let request = Request::post("/get-access-token").signed_in(&cookies);
        stage.site.send(request.json(&json!({"useAccountCookie": true}))).status == 200
    }),
    ("way back of an administrator", |stage, value| {
        let cookies = format!("{SESSION}={}; {ADMIN}={value}", stage.impersonated);
        stage.site.send(Request::post("/admin/stop-impersonating").signed_in(&cookies)).status
            == 200
    }),
];

fn escape(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

fn is_in(answer: &Answer) -> bool {
    answer.header("location").is_some_and(|place| !place.contains("error="))
}

/// A site with people on it, and what the doors need besides what is shown.
struct Stage {
    site: Site,
    /// Ada's session cookie; most secrets are hers.
    ada: String,
    /// The session cookie of somebody who came by a provider.
    gil: String,
    /// That of a session that an administrator has in Ada's name.
    impersonated: String,
    state_name: &'static str,
    /// Two sign-ins that are under way: the state, and its cookie.
    first: (String, String),
    second: (String, String),
    given: Vec<Given>,
    _provider: Provider,
}

impl Stage {
    fn new(copies: CookieCacheStrategy, states: StateStrategy) -> Self {
        let provider = Provider::start();
        let site = social::site(&provider, |config| {
            config.email.transport = Some(Transport::File);
            config.user.change_email.enabled = true;
            config.session.cookie_cache.enabled = true;
            config.session.cookie_cache.strategy = copies;
            config.account.store_account_cookie = true;
            config.account.store_state_strategy = states;
            let on = ["admin", "bearer", "username"].map(|id| (id.to_owned(), json!({})));
            config.plugins = on.into();
        });
        let state_name = match states {
            StateStrategy::Database => "better-auth.state",
            StateStrategy::Cookie => "better-auth.oauth_state",
        };
        social::says(&provider, "gil@example.com", true);
        let gil = come_back(&site, &sign_in(&site)).cookies();
        let [first, second] = [(); 2].map(|()| {
            let sent = sign_in(&site);
            (sent.state, cookie(&sent.cookies, state_name).to_owned())
        });
        let mut stage = Self {
            ada: cookie(&site.sign_up("ada@example.com").cookies(), SESSION).to_owned(),
            gil: cookie(&gil, SESSION).to_owned(),
            impersonated: String::new(),
            site,
            state_name,
            given: vec![
                Given::new("state", &first.0, &["state"]),
                Given::new("state cookie", &second.1, &["state cookie"]),
                Given::new(
                    "account cookie",
                    cookie(&gil, "better-auth.account_data"),
                    &["account cookie"],
                ),
            ],
            first,
            second,
            _provider: provider,
        };
        stage.sessions();
        stage.administrator();
        stage.links();
        stage
    }

    fn give(&mut self, what: &'static str, value: &str, opens: &'static [&'static str]) {
        self.given.push(Given::new(what, value, opens));
    }

    fn sessions(&mut self) {
        let body = json!({"email": "ada@example.com", "password": PASSWORD, "rememberMe": false});
        let answer = self.site.post("/sign-in/email", &body);
        let cookies = answer.cookies();
        self.give("session cookie", cookie(&cookies, SESSION), &["bearer", "session cookie"]);
        self.give("session token", answer.json()["token"].as_str().unwrap(), &["bearer"]);
        let mark = "mark of a session that ends with the browser";
        self.give(
            mark,
            cookie(&cookies, "better-auth.dont_remember"),
            &["mark of a session that ends with the browser"],
        );
        let copy = self.get("/get-session", &[(SESSION, &self.ada)]).cookies();
        self.give("session copy", cookie(&copy, COPY), &["session copy"]);
    }

    fn administrator(&mut self) {
        let root = self.user("root@example.com", json!({"role": "admin"}));
        let id = self.get("/get-session", &[(SESSION, &self.ada)]).json()["user"]["id"].clone();
        let request = Request::post("/admin/impersonate-user").signed_in(&root);
        let cookies = self.site.send(request.json(&json!({ "userId": id }))).cookies();
        cookie(&cookies, SESSION).clone_into(&mut self.impersonated);
        let way_back = "way back of an administrator";
        self.give(way_back, cookie(&cookies, ADMIN), &["way back of an administrator"]);
    }

    /// Makes a user whose address is verified, and answers their cookies.
    fn user(&self, email: &str, additional: Value) -> String {
        let new = NewUser {
            email: email.to_owned(),
            password: Some(Secret::new(PASSWORD)),
            email_verified: true,
            additional: additional.as_object().unwrap().clone(),
            ..NewUser::default()
        };
        self.site.auth.api().create_user(&new).unwrap();
        self.site.post("/sign-in/email", &json!({"email": email, "password": PASSWORD})).cookies()
    }

    fn links(&mut self) {
        let ada = json!({"email": "ada@example.com"});
        let ask = |path: &str, cookies: &str, body: &Value| {
            let request = Request::post(path).json(body);
            let request = if cookies.is_empty() { request } else { request.signed_in(cookies) };
            let answer = self.site.send(request);
            assert_eq!(answer.status, 200, "{path} {answer:?}");
            self.site.mail().token().to_owned()
        };
        let own = format!("{SESSION}={}", self.ada);
        let (vera, will) =
            (self.user("vera@example.com", json!({})), self.user("will@example.com", json!({})));
        let new = |address: &str| json!({ "newEmail": address });
        let asked = ask("/change-email", &will, &new("will2@example.com"));
        let asking = ask("/change-email", &vera, &new("vera2@example.com"));
        assert_eq!(self.get(&format!("/verify-email?token={asking}"), &[]).status, 200);
        let confirmed = self.site.mail().token().to_owned();
        let verification = ask("/send-verification-email", "", &ada);
        let reset = ask("/request-password-reset", "", &ada);
        let deletion = ask("/delete-user", &own, &json!({}));
        self.give("question for the old address", &asked, &["verify-email"]);
        self.give("link to the new address", &confirmed, &["verify-email"]);
        self.give("verification link", &verification, &["verify-email"]);
        self.give("reset link", &reset, &["reset page", "reset-password"]);
        self.give("deletion link", &deletion, &["delete-user", "deletion link"]);
    }

    fn get(&self, path: &str, cookies: &[(&str, &str)]) -> Answer {
        let request = Request::get(path);
        if cookies.is_empty() {
            return self.site.send(request);
        }
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.site.send(request.header("cookie", pairs.join("; ")))
    }
}

impl Given {
    fn new(what: &'static str, value: &str, opens: &'static [&'static str]) -> Self {
        Self { what, value: value.to_owned(), opens }
    }
}

#[test]
fn matrix_a_secret_of_one_flow_counts_in_no_other() {
    let stages = [
        (CookieCacheStrategy::Compact, StateStrategy::Database),
        (CookieCacheStrategy::Jwt, StateStrategy::Cookie),
        (CookieCacheStrategy::Jwe, StateStrategy::Cookie),
    ]
    .map(|(copies, states)| Stage::new(copies, states));
    let mut refused = 0;
    // All three sign and encrypt with the same secret, so what one gave out is shown to the others, too.
    for stage in &stages {
        for given in stages.iter().flat_map(|other| &other.given) {
            let shut = DOORS.iter().filter(|(door, _)| !given.opens.contains(door));
            for (door, opens) in shut {
                assert!(!opens(stage, &given.value), "{} opens {door}", given.what);
                refused += 1;
            }
        }
    }
    assert!(1000 < refused, "only {refused}");
    for stage in &stages {
        for given in &stage.given {
            let own = given.opens.last().unwrap();
            let (_, opens) = DOORS.iter().find(|(door, _)| door == own).unwrap();
            assert!(opens(stage, &given.value), "{} does not open {own}", given.what);
        }
    }
}
