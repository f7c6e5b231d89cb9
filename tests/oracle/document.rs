//! The OpenAPI documents of both sides: whatever the original's says that can be asked for must stand in ours.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::server::Server;

pub(crate) fn of(server: &Server) -> Value {
    let request = server.request("GET", "/open-api/generate-schema").body(()).unwrap();
    let answer = server.send(request);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Operations and fields that ours lacks.
pub(crate) fn problems(theirs: &Value, ours: &Value) -> Vec<String> {
    let paths = theirs["paths"].as_object().unwrap();
    assert!(40 < paths.len());
    let mut missing = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let own = &ours["paths"][path][method];
            if own.is_null() {
                missing.push(name);
                continue;
            }
            let (theirs, ours) = (fields(operation), fields(own));
            missing.extend(theirs.difference(&ours).map(|field| format!("{name} {field}")));
        }
    }
    missing
}

/// The names of everything that an operation reads.
fn fields(operation: &Value) -> BTreeSet<&str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter_map(|parameter| parameter["name"].as_str());
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let others = ["anyOf", "oneOf", "allOf"];
    let others = others.into_iter().filter_map(|name| schema[name].as_array()).flatten();
    let members =
        [schema].into_iter().chain(others).filter_map(|one| one["properties"].as_object());
    parameters.chain(members.flat_map(|members| members.keys().map(String::as_str))).collect()
}
