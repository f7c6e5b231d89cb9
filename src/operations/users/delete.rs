//! `users.delete`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::users;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::schema;

/// Deletes users.
pub const DELETE: Operation<DeleteUsers, DeletedUsers> =
    Operation::new("users.delete", ("user", "delete"), delete)
        .refuses(&[codes::FOREIGN_KEY_VIOLATION])
        .asks(which_to_delete);

crate::operations::input! {
    /// Delete users with their sessions and accounts
    ///
    /// Deletes all of them or none: if other rows of the database refer to one of them, no user is
    /// deleted.
    #[command(after_help = "\
Examples:
  better-auth users delete ada@example.com
  better-auth users delete ada@example.com bob@example.com --yes")]
    #[derive(Debug)]
    pub struct DeleteUsers {
        /// Ids or email addresses of the users
        #[arg(required = true, value_name = "USER")]
        pub users: Vec<String>,
    }
}

/// The number of deleted users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeletedUsers {
    success: bool,
    deleted: usize,
}

impl Outcome for DeletedUsers {}

fn which_to_delete(call: &Call<'_>, input: &mut DeleteUsers) -> Result<Option<String>, AuthError> {
    let users = found(call, &input.users)?;
    let question = format!("Delete {}?", labels(&users));
    input.users = users.into_iter().map(|user| user.id).collect();
    Ok(Some(question))
}

fn found(call: &Call<'_>, names: &[String]) -> Result<Vec<User>, AuthError> {
    let mut users = names.iter().map(|name| call.user(name)).collect::<Result<Vec<_>, _>>()?;
    users.sort_by(|left, right| left.id.cmp(&right.id));
    users.dedup_by(|left, right| left.id == right.id);
    Ok(users)
}

fn labels(users: &[User]) -> String {
    users.iter().map(User::label).collect::<Vec<_>>().join(", ")
}

fn delete(call: &Call<'_>, input: &DeleteUsers) -> Result<Done<DeletedUsers>, AuthError> {
    let users = found(call, &input.users)?;
    let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
    users::delete_all(call.instance(), &ids, &call.caller())
        .map_err(|error| in_the_way(error, &users, call))?;
    let output = DeletedUsers { success: true, deleted: users.len() };
    Ok(Done::new(format!("deleted {}", labels(&users)), output))
}

/// Adds to the error which rows of the application refer to the users.
fn in_the_way(error: AuthError, users: &[User], call: &Call<'_>) -> AuthError {
    if !error.is(codes::FOREIGN_KEY_VIOLATION) {
        return error;
    }
    let (database, tables) = (call.instance().database(), call.instance().tables());
    let table = tables.iter().find(|table| table.model == "user");
    let table = table.map_or("user", |table| &table.name);
    let places = users.iter().flat_map(|user| {
        // If the lookup fails, the error stays as it is.
        let places = schema::references(database, table, &user.id).unwrap_or_default();
        places.into_iter().map(|place| format!("{place} refers to {}", user.label()))
    });
    error
        .with_message("nothing was deleted: other rows refer to the users")
        .with_cause(places.collect::<Vec<_>>().join("; "))
        .with_hint("delete or change those rows first")
}
