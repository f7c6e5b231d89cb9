//! `users.update`.

use serde_json::Value;

use crate::api::fields::WrittenBy;
use crate::api::users;
use crate::api::users::UserChanges;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Fields;
use crate::operations::Operation;
use crate::operations::fields;
use crate::operations::users::explain;

/// Updates a user.
pub const UPDATE: Operation<UpdateUser, User> =
    Operation::new("users.update", ("user", "update"), update).refuses(&[
        codes::INVALID_EMAIL,
        codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
        codes::BAD_REQUEST,
        codes::VALUE_ALREADY_TAKEN,
    ]);

crate::operations::input! {
    /// Update a user
    #[command(override_usage = "better-auth users update [OPTIONS] <USER>",
        group(clap::ArgGroup::new("change").required(true).multiple(true)
            .args(["name", "email", "image", "no_image", "verified", "unverified", "fields", "unset"])),
        after_help = "\
Examples:
  better-auth users update ada@example.com --name 'Ada Lovelace' --verified
  better-auth users update ada@example.com --email ada@lovelace.example
  better-auth users update ada@example.com --field plan=free --unset age")]
    #[derive(Debug, Default)]
    pub struct UpdateUser {
        /// Id or email address of the user
        pub user: String,
        /// New display name
        #[arg(long)]
        pub name: Option<String>,
        /// New email address; unverified unless --verified is given
        #[arg(long)]
        pub email: Option<String>,
        /// New URL of a profile picture
        #[arg(long, value_name = "URL", conflicts_with = "no_image")]
        pub image: Option<String>,
        /// Remove the profile picture
        #[serde(default)]
        #[arg(long)]
        pub no_image: bool,
        /// Mark the email as verified
        #[serde(default)]
        #[arg(long, conflicts_with = "unverified")]
        pub verified: bool,
        /// Mark the email as not verified
        #[serde(default)]
        #[arg(long)]
        pub unverified: bool,
        /// Values of additional fields by name
        #[serde(default)]
        #[command(flatten)]
        pub fields: Fields,
        /// Remove the value of an additional field that is not required
        #[serde(default)]
        #[arg(long, value_name = "NAME")]
        pub unset: Vec<String>,
    }
}

fn update(call: &Call<'_>, input: &UpdateUser) -> Result<Done<User>, AuthError> {
    let contradicts = [
        (input.verified && input.unverified, "verified and unverified"),
        (input.no_image && input.image.is_some(), "image and noImage"),
    ];
    if let Some((_, both)) = contradicts.into_iter().find(|(is_given, _)| *is_given) {
        let message = format!("{both} contradict each other");
        return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
    }
    let user = call.user(&input.user)?;
    let mut additional = input.fields.values(call)?;
    for name in &input.unset {
        fields::add(&mut additional, name, Value::Null)?;
    }
    let changes = UserChanges {
        name: input.name.clone(),
        email: input.email.clone(),
        image: if input.no_image { Some(None) } else { input.image.clone().map(Some) },
        email_verified: (input.verified || input.unverified).then_some(input.verified),
        additional,
    };
    let user =
        users::update(call.instance(), &user.id, &changes, WrittenBy::Server, &call.caller())
            .map_err(|error| explain(error, changes.email.as_deref().unwrap_or_default(), call))?;
    Ok(Done::new(format!("updated {}", user.label()), user))
}
