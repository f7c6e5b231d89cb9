//! The OpenAPI documents of both sides: whatever the original's says that can be asked for, and is answered, must
//! stand in ours, or below with the reason; docs/differences.md says the same in words.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::server::Server;

const NOT_ANSWERED: &str = "neither side answers it";
const TEXT: &str = "a query holds texts";
const BARE: &str = "both answer the user itself";
const NEEDED: &str = "both refuse a request without it";

/// What differs from the original's document on purpose, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("GET /account-info: query accountId is required here", NEEDED),
    ("GET /admin/get-user: 200 user is missing", BARE),
    ("GET /admin/get-user: query id is required here", NEEDED),
    ("GET /admin/list-users: query filterValue is no boolean, number", TEXT),
    ("GET /admin/list-users: query filterValue[] is no number", TEXT),
    ("GET /delete-user/callback: query token is required here", NEEDED),
    ("GET /get-session: query disableCookieCache is no boolean", TEXT),
    ("GET /get-session: query disableRefresh is no boolean", TEXT),
    ("GET /reset-password/{token}: 200 is missing", NOT_ANSWERED),
    ("POST /admin/has-permission: body permissions is required there", "`permission` does as well"),
    ("POST /admin/update-user: 200 user is missing", BARE),
    ("POST /change-email: 200 message is missing", NOT_ANSWERED),
    ("POST /change-email: 200 user is missing", NOT_ANSWERED),
    ("POST /get-access-token: 200 tokenType is missing", NOT_ANSWERED),
    ("POST /get-session: body is missing", "neither side reads one"),
    ("POST /get-session: query disableCookieCache is no boolean", TEXT),
    ("POST /get-session: query disableRefresh is no boolean", TEXT),
    ("POST /refresh-token: 200 tokenType is missing", NOT_ANSWERED),
    ("POST /sign-up/email: body age is required here", NEEDED),
    ("POST /update-user: 200 user is missing", NOT_ANSWERED),
];

pub(crate) fn of(server: &Server) -> Value {
    let request = server.request("GET", "/open-api/generate-schema").body(()).unwrap();
    let answer = server.send(request);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// What differs without a reason, and reasons for what does not.
pub(crate) fn problems(theirs: &Value, ours: &Value) -> Vec<String> {
    let paths = theirs["paths"].as_object().unwrap();
    assert!(40 < paths.len());
    let mut found = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let own = &ours["paths"][path][method];
            if own.is_null() {
                found.insert(format!("{name}: is missing"));
                continue;
            }
            let differences = differences(&members(theirs, operation), &members(ours, own));
            found.extend(differences.iter().map(|difference| format!("{name}: {difference}")));
        }
    }
    let known: BTreeSet<String> = DIFFERENCES.iter().map(|(what, _)| (*what).to_owned()).collect();
    found.symmetric_difference(&known).cloned().collect()
}

/// What is read or answered under a name.
#[derive(Default)]
struct Member {
    types: BTreeSet<String>,
    is_required: bool,
}

/// By name: `query limit`, `body idToken.token`, `200 users[].id`.
type Members = BTreeMap<String, Member>;

fn differences(theirs: &Members, ours: &Members) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, member) in theirs {
        let Some(own) = ours.get(name) else {
            let is_told = |parent: &str| theirs.contains_key(parent) && !ours.contains_key(parent);
            let parents = name.match_indices(['.', '[', ' ']).filter_map(|(at, _)| name.get(..at));
            if !parents.into_iter().any(is_told) {
                differences.push(format!("{name} is missing"));
            }
            continue;
        };
        let others: Vec<&str> = member.types.difference(&own.types).map(String::as_str).collect();
        if !others.is_empty() && !own.types.is_empty() {
            differences.push(format!("{name} is no {}", others.join(", ")));
        }
        let is_read = !name.starts_with("200");
        match (member.is_required, own.is_required) {
            (true, false) if is_read => differences.push(format!("{name} is required there")),
            (false, true) if is_read => differences.push(format!("{name} is required here")),
            _ => {}
        }
    }
    let is_new = |name: &&String| !name.starts_with("200") && !theirs.contains_key(*name);
    let required = ours.iter().filter(|(name, member)| member.is_required && is_new(name));
    differences.extend(required.map(|(name, _)| format!("{name} is required here")));
    differences
}

/// Everything that an operation reads and answers.
fn members(document: &Value, operation: &Value) -> Members {
    let mut all = Members::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let place = parameter["in"].as_str().unwrap();
        let name = format!("{place} {}", parameter["name"].as_str().unwrap());
        let is_required = parameter["required"] == true;
        add(document, &parameter["schema"], (&name, is_required), &mut all);
    }
    let json = |of: &Value| of["content"]["application/json"]["schema"].clone();
    add(document, &json(&operation["requestBody"]), ("body", false), &mut all);
    let answer = referred(document, &operation["responses"]["200"]);
    add(document, &json(answer), ("200", false), &mut all);
    all
}

fn referred<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(place) => document.pointer(place.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn add(document: &Value, schema: &Value, (name, is_required): (&str, bool), all: &mut Members) {
    let schema = referred(document, schema);
    let Some(object) = schema.as_object() else { return };
    let member = all.entry(name.to_owned()).or_default();
    member.is_required |= is_required;
    member.types.extend(types(schema));
    let forms = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|of| object.get(of)?.as_array());
    for form in forms.flatten() {
        // What one of several forms requires another may do without.
        let mut alternative = Members::new();
        add(document, form, (name, false), &mut alternative);
        for (name, member) in alternative {
            all.entry(name).or_default().types.extend(member.types);
        }
    }
    let required = |name: &str| {
        let mut names = schema["required"].as_array().into_iter().flatten();
        names.any(|required| required == name)
    };
    for (below, schema) in schema["properties"].as_object().into_iter().flatten() {
        let between = if name.contains(' ') { "." } else { " " };
        let whole = format!("{name}{between}{below}");
        add(document, schema, (&whole, required(below)), all);
    }
    add(document, &schema["items"], (&format!("{name}[]"), false), all);
}

/// What a schema names itself; that a member can be null is told in different ways and left out.
fn types(schema: &Value) -> Vec<String> {
    let of_value = |value: &Value| match value {
        Value::Bool(_) => "boolean".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Number(_) => "number".to_owned(),
        _ => "object".to_owned(),
    };
    let named = match &schema["type"] {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    let named = named.iter().filter_map(Value::as_str).filter(|name| *name != "null");
    let named = named.map(|name| if name == "integer" { "number" } else { name }.to_owned());
    let values = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
    named.chain(values.map(of_value)).collect()
}
