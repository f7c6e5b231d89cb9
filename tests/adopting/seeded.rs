//! What the TypeScript server writes before our program comes: users, sessions, a linked account, one-time values.

use serde_json::Value;
use serde_json::json;

use crate::layout::Layout;
use crate::ours::merge;
use crate::place::Place;
use crate::rows::Rows;
use crate::server::Answer;
use crate::server::Server;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// Long over, and long to come, as `server.mjs` reads times.
const PAST: &str = "2020-01-02T03:04:05.678Z";
const FUTURE: &str = "2099-01-02T03:04:05.678Z";
/// The identifiers of one-time values.
pub(crate) const OVER: &str = "reset-password:this one is over";
pub(crate) const OPEN: &str = "reset-password:this one is open";

/// A user who signed up at the real server, as it answered.
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) user: Value,
    pub(crate) cookie: String,
}

impl Person {
    pub(crate) fn id(&self) -> &str {
        self.user["id"].as_str().expect("ids are texts in JSON")
    }
}

/// A database in use by the real server.
pub(crate) struct Seeded {
    pub(crate) layout: Layout,
    /// It ends before its database goes.
    pub(crate) theirs: Server,
    pub(crate) place: Place,
    /// With a linked account, two sessions and a link to a new password.
    pub(crate) ann: Person,
    /// Whom our program deletes.
    pub(crate) ben: Person,
    /// Whose first session is over.
    pub(crate) cat: Person,
    /// Who is banned, where there are bans.
    pub(crate) dan: Person,
    /// Ann's other session.
    pub(crate) second_cookie: String,
    pub(crate) reset_token: String,
    /// What the real server wrote.
    pub(crate) rows: Rows,
}

impl Seeded {
    pub(crate) fn make(layout: Layout) -> Option<Self> {
        let place = Place::make(&layout)?;
        let theirs = place.theirs();
        let [mut ann, ben, cat, mut dan] =
            ["Ann", "Ben", "Cat", "Dan"].map(|name| sign_up(&theirs, &layout, name));
        let second = ok(theirs.sign_in(&ann.email, PASSWORD));
        ann.user = theirs.get_session(&ann.cookie)["user"].take();
        internal(&theirs, "linkAccount", &json!([linked_account(ann.id())]));
        ok(theirs.post("/request-password-reset", &json!({"email": ann.email})));
        let reset_token = place.reset_token_of_theirs();
        let token = theirs.get_session(&cat.cookie)["session"]["token"].take();
        internal(&theirs, "updateSession", &json!([token, {"expiresAt": PAST}]));
        for (identifier, expires_at) in [(OVER, PAST), (OPEN, FUTURE)] {
            let value =
                json!({"identifier": identifier, "value": dan.id(), "expiresAt": expires_at});
            internal(&theirs, "createVerificationValue", &json!([value]));
        }
        if layout.has("plugins") {
            let ban = json!({"banned": true, "banReason": "spam", "banExpires": FUTURE});
            dan.user = internal(&theirs, "updateUser", &json!([dan.id(), ban]));
        }
        let rows = place.rows();
        let second_cookie = second.cookies();
        Some(Self { layout, theirs, place, ann, ben, cat, dan, second_cookie, reset_token, rows })
    }
}

/// A user signs up, with everything that the layout has a column for.
pub(crate) fn sign_up(server: &Server, layout: &Layout, name: &str) -> Person {
    let email = format!("{}@example.com", name.to_lowercase());
    let mut body = json!({"name": name, "email": email, "password": PASSWORD});
    if layout.has("fields") {
        merge(&mut body, fields());
    }
    if layout.has("plugins") {
        body["username"] = name.into();
    }
    let answer = ok(server.post("/sign-up/email", &body));
    Person { email, user: answer.json()["user"].take(), cookie: answer.cookies() }
}

/// A value of every type.
pub(crate) fn fields() -> Value {
    json!({
        "age": -7, "seen": 1_793_527_200_000_i64, "bornOn": "1990-01-02T03:04:05.678Z", "isBeta": true,
        "settings": {"a": [1, null, "ß"]}, "tags": ["x", "y, \"z\""], "scores": [1, -2]
    })
}

fn linked_account(user: &str) -> Value {
    json!({
        "userId": user, "providerId": "github", "accountId": "4711", "accessToken": "an access token",
        "refreshToken": "a refresh token", "idToken": "an ID token", "scope": "user:email,repo",
        "accessTokenExpiresAt": FUTURE, "refreshTokenExpiresAt": FUTURE
    })
}

/// Calls a function of the library itself.
pub(crate) fn internal(theirs: &Server, name: &str, arguments: &Value) -> Value {
    ok(theirs.post(&format!("/internal/{name}"), arguments)).json()
}

pub(crate) fn ok(answer: Answer) -> Answer {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}
