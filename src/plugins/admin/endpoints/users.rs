//! `/admin/list-users`, `/admin/get-user`, `/admin/create-user`.

use std::num::ParseIntError;

use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::api::users;
use crate::api::users::NewUser;
use crate::error::AuthError;
use crate::error::codes as core_codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Guard;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;
use crate::models::User;
use crate::models::user;
use crate::models::user_query;
use crate::models::user_query::Condition;
use crate::models::user_query::UserQuery;
use crate::plugins::admin::Admin;
use crate::plugins::admin::access::caller;
use crate::plugins::admin::access::require;
use crate::plugins::admin::codes;
use crate::plugins::admin::endpoints::TEXT_OR_TEXTS;
use crate::plugins::admin::endpoints::user::BAN_FIELDS;
use crate::plugins::admin::endpoints::user_reply;
use crate::plugins::admin::roles;
use crate::rows::Direction;
use crate::rows::Operator;
use crate::rows::Page;

/// Default and maximum rows of a page.
const LIMIT: u32 = 100;
const LIMIT_MAX: u32 = 10_000;

const OPERATORS: &[&str] =
    &["eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"];

const TEXT_OR_NUMBER: Form = Form::AnyOf(&[Form::Text, Form::Number]);

const LIST: &[Member] = &[
    Member::optional("searchValue", Form::Text),
    Member::optional("searchField", Form::OneOf(&["email", "name"])),
    Member::optional("searchOperator", Form::OneOf(&["contains", "starts_with", "ends_with"])),
    Member::optional("limit", TEXT_OR_NUMBER),
    Member::optional("offset", TEXT_OR_NUMBER),
    Member::optional("sortBy", Form::Text),
    Member::optional("sortDirection", Form::OneOf(&["asc", "desc"])),
    Member::optional("filterField", Form::Text),
    Member::optional("filterValue", TEXT_OR_TEXTS),
    Member::optional("filterOperator", Form::OneOf(OPERATORS)),
];

const CREATE: Body = Body::object(&[
    Member::required("email", Form::Text),
    Member::optional("password", Form::Text),
    Member::required("name", Form::Text),
    Member::optional("role", TEXT_OR_TEXTS),
    Member::optional("data", Form::Record(&[])),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/admin/list-users", list_users)
        .summary("List users with search, filter, order and pages")
        .guard(Guard::Sensitive)
        .query(LIST)
        .answers(&[Answer::json(&Form::Object(&[
            Member::required("users", Form::List(&Form::USER)),
            Member::required("total", Form::Count),
            Member::optional("limit", Form::Integer),
            Member::optional("offset", Form::Integer),
        ]))])
        .errors(&[codes::MAY_NOT_LIST]),
    Endpoint::get("/admin/get-user", get_user)
        .summary("One user")
        .guard(Guard::Sensitive)
        .query(&[Member::required("id", Form::Text)])
        .answers(&[Answer::json(&Form::USER)])
        .errors(&[codes::MAY_NOT_GET, codes::USER_NOT_FOUND]),
    Endpoint::post("/admin/create-user", create_user)
        .summary("Create a user, with or without a password")
        .guard(Guard::Sensitive)
        .body(CREATE)
        .effects(&[Effect::MakesUser, Effect::SetsPassword])
        .answers(&[Answer::json(&Form::WITH_USER)])
        .errors(&[
            codes::MAY_NOT_CREATE,
            codes::MAY_NOT_SET_ROLE,
            codes::INVALID_ROLE_TYPE,
            codes::MAY_NOT_SET_UNKNOWN_ROLE,
            codes::MAY_NOT_BAN,
            codes::USER_ALREADY_EXISTS,
            core_codes::INVALID_EMAIL,
            core_codes::MISSING_FIELD,
        ]),
];

#[derive(Default, Serialize)]
struct List {
    users: Vec<User>,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
}

fn list_users(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "list"), codes::MAY_NOT_LIST)?;
    let (Ok(limit), Ok(offset)) = (number(cx, "limit"), number(cx, "offset")) else {
        return Reply::json(&List::default());
    };
    let page = page(limit, offset);
    let query = UserQuery { conditions: conditions(cx), sort: sort(cx) };
    let instance = cx.instance();
    let found = instance.database().read(|tx| user_query::search(tx, &query, page))?;
    // An invalid query finds no users, as in Better Auth.
    let Some((users, total)) = found else {
        return Reply::json(&List::default());
    };
    Reply::json(&List { users, total, limit, offset })
}

/// Like SQLite, and so Better Auth: a negative limit means no limit, and a negative offset means
/// zero.
fn page(limit: Option<i64>, offset: Option<i64>) -> Page {
    let rows = |number: i64| u32::try_from(number);
    Page {
        limit: limit.map_or(LIMIT, |limit| rows(limit).unwrap_or(LIMIT_MAX).min(LIMIT_MAX)),
        offset: offset.map_or(0, |offset| rows(offset.max(0)).unwrap_or(u32::MAX)),
    }
}

/// A number of rows; zero and invalid numbers count as missing, as in Better Auth.
fn number(cx: &Context<'_>, name: &str) -> Result<Option<i64>, ParseIntError> {
    let text = cx.query(name).unwrap_or_default();
    match text.trim().parse::<f64>() {
        Ok(number) if number != 0.0 && number.is_finite() => number.to_string().parse().map(Some),
        _ => Ok(None),
    }
}

fn conditions(cx: &Context<'_>) -> Vec<Condition> {
    let text = |name: &str, otherwise: &str| {
        let text = cx.query(name).filter(|text| !text.is_empty());
        text.map_or_else(|| otherwise.to_owned(), std::borrow::Cow::into_owned)
    };
    let mut conditions = Vec::new();
    if let Some(value) = cx.query("searchValue").filter(|value| !value.is_empty()) {
        conditions.push(Condition {
            field: text("searchField", "email"),
            operator: operator(&text("searchOperator", "contains")),
            values: vec![value.into_owned()],
        });
    }
    let values: Vec<String> =
        cx.query_all("filterValue").into_iter().map(std::borrow::Cow::into_owned).collect();
    if !values.is_empty() {
        let operator = operator(&text("filterOperator", "eq"));
        // Better Auth requires a list for `in`; a single value is accepted as a list.
        conditions.push(Condition { field: text("filterField", "email"), operator, values });
    }
    conditions
}

fn operator(name: &str) -> Operator {
    match name {
        "ne" => Operator::NotEqual,
        "lt" => Operator::Less,
        "lte" => Operator::LessOrEqual,
        "gt" => Operator::Greater,
        "gte" => Operator::GreaterOrEqual,
        "in" => Operator::In,
        "not_in" => Operator::NotIn,
        "contains" => Operator::Contains,
        "starts_with" => Operator::StartsWith,
        "ends_with" => Operator::EndsWith,
        _ => Operator::Equal,
    }
}

fn sort(cx: &Context<'_>) -> Option<(String, Direction)> {
    let field = cx.query("sortBy").filter(|field| !field.is_empty())?;
    let direction = match cx.query("sortDirection").as_deref() {
        Some("desc") => Direction::Descending,
        _ => Direction::Ascending,
    };
    Some((field.into_owned(), direction))
}

fn get_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "get"), codes::MAY_NOT_GET)?;
    let id = cx.query("id").unwrap_or_default();
    let instance = cx.instance();
    let user = instance.database().read(|tx| user::find(tx, &id))?;
    Reply::json(&user.ok_or(codes::USER_NOT_FOUND)?)
}

fn create_user(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    require(cx, ("user", "create"), codes::MAY_NOT_CREATE)?;
    let mut data = cx.input.object("data");
    let in_data = data.shift_remove("role");
    let admin = Admin::of(cx.instance())?;
    let role = match cx.input.value("role").cloned().or(in_data) {
        Some(role) => {
            require(cx, ("user", "set-role"), codes::MAY_NOT_SET_ROLE)?;
            roles::parse(admin, &role)?
        }
        None => admin.options.default_role.clone(),
    };
    if BAN_FIELDS.iter().any(|name| data.contains_key(*name)) {
        require(cx, ("user", "ban"), codes::MAY_NOT_BAN)?;
    }
    data.insert("role".to_owned(), role.into());
    let new = NewUser {
        email: cx.input.text("email").unwrap_or_default().to_owned(),
        name: cx.input.text("name").unwrap_or_default().to_owned(),
        image: data.get("image").and_then(Value::as_str).map(str::to_owned),
        email_verified: data.get("emailVerified").and_then(Value::as_bool).unwrap_or_default(),
        password: cx.input.secret("password").filter(|password| !password.expose().is_empty()),
        additional: declared(cx, data),
    };
    let caller = caller(cx, codes::MAY_NOT_CREATE)?;
    let user = users::create(cx.instance(), &new, &caller).map_err(|error| {
        let is_taken = error.is(core_codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL);
        if is_taken { codes::USER_ALREADY_EXISTS.into() } else { error }
    })?;
    user_reply(user)
}

/// The additional fields in the data; others are ignored, as in Better Auth.
pub(super) fn declared(cx: &Context<'_>, mut data: Map<String, Value>) -> Map<String, Value> {
    let fields = &cx.instance().config().user.additional_fields;
    data.retain(|name, _| fields.contains_key(name));
    data
}
