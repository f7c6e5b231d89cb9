//! A plugin in a crate of its own: everybody who signs up gets a code to pass on, clicks on codes are counted in a
//! table of the plugin's, and whoever is signed in sees theirs. Operators see those of anybody, by a command.
//!
//! Run it with `cargo run --example plugin`. `docs/plugins.md` says what else a plugin can do.

use std::error::Error;
use std::time::Duration;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ErrorCode;
use better_auth::Peer;
use better_auth::Plugin;
use better_auth::Request;
use better_auth::Response;
use better_auth::config::AdditionalField;
use better_auth::config::AdditionalFields;
use better_auth::config::FieldType;
use better_auth::config::Rule;
use better_auth::crypto::random;
use better_auth::database::Statement;
use better_auth::database::Timestamp;
use better_auth::database::Tx;
use better_auth::http::Answer;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Form;
use better_auth::http::Guard;
use better_auth::http::Member;
use better_auth::http::Reply;
use better_auth::http::rate_limit::Limit;
use better_auth::instance::Hooks;
use better_auth::instance::Instance;
use better_auth::models::User;
use better_auth::operations::AnyOperation;
use better_auth::operations::Call;
use better_auth::operations::Done;
use better_auth::operations::Operation;
use better_auth::operations::Outcome;
use better_auth::operations::command_line;
use better_auth::record;
use better_auth::rows;
use better_auth::rows::Bind;
use better_auth::rows::Binder;
use better_auth::rows::Catalog;
use better_auth::rows::Insert;
use better_auth::schema;
use better_auth::schema::Column;
use better_auth::schema::Fill;
use better_auth::schema::Index;
use better_auth::schema::Table;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

/// Characters of a code.
const CODE_LENGTH: usize = 8;
const UNKNOWN_CODE: &ErrorCode =
    &ErrorCode::new("REFERRAL_CODE_NOT_FOUND", 404, "Nobody has this code");

const CLICK: Body = Body::object(&[Member::required("code", Form::FILLED)]);

const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/referrals/click", click)
        .summary("Count a click on a code")
        .body(CLICK)
        .answers(&[Answer::json(&Form::Object(&[Member::required("counted", Form::Always(true))]))])
        .errors(&[UNKNOWN_CODE]),
    Endpoint::get("/referrals", show)
        .summary("The current user's code, and how often it was clicked")
        .guard(Guard::Session)
        .answers(&[Answer::json(&Form::Object(&[
            Member::required("code", Form::OrNull(&Form::Text)),
            Member::required("clicks", Form::Count),
        ]))]),
];

/// Show a user's code, and how often it was clicked
#[derive(Clone, Deserialize, JsonSchema, clap::Args)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShowReferrals {
    /// Id or e-mail address of the user
    user: String,
}

#[derive(Serialize, JsonSchema)]
struct ReferralSummary {
    code: Option<String>,
    clicks: u64,
}

impl Outcome for ReferralSummary {}

/// One row each: `referrals show` on the command line, `referrals.show` in JSON.
const OPERATIONS: &[&dyn AnyOperation] =
    &[&Operation::new("referrals.show", ("referral", "get"), show_of_user)];

struct Click {
    id: String,
    user_id: String,
    created_at: Timestamp,
}

record!(Click in "referralClick" { id: "id", user_id: "userId", created_at: "createdAt" });

/// One text for every database, with the names of the deployment in it.
struct Sql {
    find_owner: Statement,
    insert: Insert<Click>,
    count: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "referralClick";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            find_owner: binder
                .statement("SELECT {user.id} FROM {@user} WHERE {user.referralCode} = $1"),
            insert: binder.insert(),
            count: binder.statement("SELECT COUNT(*) FROM {@} WHERE {userId} = $1"),
        }
    }
}

struct Referrals;

impl Plugin for Referrals {
    fn id(&self) -> &'static str {
        "referrals"
    }

    fn user_fields(&self) -> AdditionalFields {
        let code = AdditionalField {
            required: false,
            input: false,
            unique: true,
            ..AdditionalField::new(FieldType::Text)
        };
        [("referralCode".to_owned(), code)].into()
    }

    fn tables(&self) -> Vec<Table> {
        let columns = vec![
            Column::new("id", schema::Kind::Text, Fill::Nothing),
            Column::new("userId", schema::Kind::Text, Fill::Nothing)
                .references("user")
                .indexed(Index::Needed),
            Column::new("createdAt", schema::Kind::Time, Fill::Now),
        ];
        vec![Table::new("referralClick", columns)]
    }

    fn bind(&self, catalog: &mut Catalog) {
        catalog.add::<Sql>();
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        ENDPOINTS.to_vec()
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            // Wherever a user comes from: sign-up, a provider, an administrator, the command line.
            before_user_insert: Some(|_, _, user| {
                let code: String = random::token().chars().take(CODE_LENGTH).collect();
                user.additional.set("referralCode", code);
                Ok(())
            }),
            ..Hooks::default()
        }
    }

    fn operations(&self) -> &'static [&'static dyn AnyOperation] {
        OPERATIONS
    }

    fn limits(&self) -> Vec<Limit> {
        let rule = Rule { window: Duration::from_secs(60), max: 10 };
        vec![Limit { starts: &["/referrals/click"], rule }]
    }
}

fn click(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let code = cx.input.text("code").unwrap_or_default();
    cx.instance().database().write(|tx| {
        let sql = tx.statements::<Sql>()?;
        let Some(user_id) = tx.find(&sql.find_owner, &[code.into()], |row| row.text(0))? else {
            return Err(AuthError::from(UNKNOWN_CODE));
        };
        let click = Click { id: random::id(), user_id, created_at: tx.now() };
        Ok(sql.insert.run(tx, &click)?)
    })?;
    Reply::json(&json!({ "counted": true }))
}

fn show(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    Reply::json(&summary(cx.instance(), &cx.signed_in()?.user)?)
}

fn show_of_user(
    call: &Call<'_>,
    input: &ShowReferrals,
) -> Result<Done<ReferralSummary>, AuthError> {
    Ok(summary(call.instance(), &call.user(&input.user)?)?.into())
}

fn summary(instance: &Instance, user: &User) -> Result<ReferralSummary, AuthError> {
    let id = user.id.as_str();
    let count = |tx: &mut Tx<'_>| rows::count(tx, &tx.statements::<Sql>()?.count, &[id.into()]);
    let code = user.additional.text("referralCode").map(str::to_owned);
    Ok(ReferralSummary { code, clicks: instance.database().read(count)? })
}

#[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
fn main() -> Result<(), Box<dyn Error>> {
    let auth = BetterAuth::builder(Config::default()).plugin(Referrals).build()?;
    auth.migrate()?;

    let ada = json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse"});
    let signed_up = send(&auth, "POST", "/sign-up/email", "", &ada)?;
    let user: Value = serde_json::from_slice(signed_up.body())?;
    let cookie = signed_up.headers().get("set-cookie").ok_or("signed in")?.to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let code = json!({"code": user.pointer("/user/referralCode")});
    for _ in 0..2 {
        send(&auth, "POST", "/referrals/click", "", &code)?;
    }
    for answer in [
        send(&auth, "POST", "/referrals/click", "", &json!({"code": "nobody's"}))?,
        send(&auth, "GET", "/referrals", cookie, &Value::Null)?,
    ] {
        println!("{} {}", answer.status(), String::from_utf8_lossy(answer.body()));
    }
    // A program makes its own command line of the rows, the core's and the plugin's.
    let groups = command_line::groups(auth.operations())
        .map(|group| command_line::with_operations(group, auth.operations()));
    let grammar = clap::Command::new("plugin").subcommands(groups);
    let words = ["plugin", "referrals", "show", "ada@example.com"];
    let matches = grammar.try_get_matches_from(words)?;
    let (row, arguments) = command_line::matched(auth.operations(), &matches).ok_or("a row")?;
    let shown = row.run_matches(&auth.call(), arguments, &mut |_question| true)?;
    println!("{}", (shown.ok_or("nothing was asked")?.json)()?);
    Ok(())
}

fn send(
    auth: &BetterAuth,
    method: &str,
    path: &str,
    cookie: &str,
    body: &Value,
) -> Result<Response<Bytes>, Box<dyn Error>> {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/auth{path}"))
        .header("host", "localhost:3000")
        .header("content-type", "application/json")
        .header("cookie", cookie)
        .header("origin", "http://localhost:3000")
        .body(Bytes::from(body.to_string()))?;
    Ok(auth.handle(request, Peer::unknown()))
}
