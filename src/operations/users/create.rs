//! `users.create`.

use crate::api::users;
use crate::api::users::NewUser;
use crate::api::who;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Fields;
use crate::operations::Operation;
use crate::operations::outcome::Said;
use crate::operations::users::explain;
use crate::operations::users::name_of;
use crate::operations::users::passwords::NewPassword;

/// Creates a user.
pub const CREATE: Operation<CreateUser, User> =
    Operation::new("users.create", ("user", "create"), create).refuses(&[
        codes::INVALID_EMAIL,
        codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
        codes::PASSWORD_TOO_SHORT,
        codes::PASSWORD_TOO_LONG,
        codes::MISSING_FIELD,
        codes::VALUE_ALREADY_TAKEN,
    ]);

crate::operations::input! {
    /// Create a user
    ///
    /// Asks for missing values on a terminal. In scripts, pass the password with --password-stdin
    /// or in the environment.
    #[command(after_help = "\
Examples:
  better-auth create-user ada@example.com
  echo \"$PASSWORD\" | better-auth create-user ada@example.com --name Ada --password-stdin
  better-auth create-user ada@example.com --role admin    needs [plugins.admin]
  better-auth users create ada@example.com --no-password --if-not-exists
  better-auth users create ada@example.com --field plan=pro --field age=36")]
    #[derive(Default)]
    #[serde(default)]
    pub struct CreateUser {
        /// Email address
        #[serde(rename = "email")]
        #[arg(value_name = "EMAIL", conflicts_with = "email")]
        pub address: Option<String>,
        /// Email address
        #[serde(skip)]
        #[arg(long)]
        pub email: Option<String>,
        /// Display name; by default the part of the address before the @
        #[arg(long, help = "Display name [default: the part of the address before the @]")]
        pub name: Option<String>,
        /// URL of a profile picture
        #[arg(long, value_name = "URL")]
        pub image: Option<String>,
        /// Mark the email as verified
        #[arg(long)]
        pub verified: bool,
        /// Values of additional fields by name
        #[command(flatten)]
        pub fields: Fields,
        /// The password; without one, password sign-in is disabled until one is set
        #[command(flatten)]
        pub password: NewPassword,
        /// Create the user without a password: password sign-in is disabled until one is set
        #[serde(skip)]
        #[arg(long, conflicts_with_all = ["password", "password_stdin"])]
        pub no_password: bool,
        /// Succeed without changes if the address is taken
        #[arg(long)]
        pub if_not_exists: bool,
    }
}

fn create(call: &Call<'_>, input: &CreateUser) -> Result<Done<User>, AuthError> {
    let additional = input.fields.values(call)?;
    let email = input.address.clone().unwrap_or_default();
    if input.if_not_exists
        && let Some(user) = who::find(call.instance(), &email)?
    {
        return Ok(existing(user));
    }
    let new = NewUser {
        name: input.name.clone().unwrap_or_else(|| name_of(&email)),
        email,
        image: input.image.clone(),
        email_verified: input.verified,
        password: input.password.password.clone(),
        additional,
    };
    match users::create(call.instance(), &new, &call.caller()) {
        Ok(user) => Ok(Done::new(format!("created {}", user.label()), user)),
        // Another process has created the user meanwhile, which `if_not_exists` covers too.
        Err(error)
            if input.if_not_exists && error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) =>
        {
            Ok(existing(call.user(&new.email)?))
        }
        Err(error) => Err(explain(error, &new.email, call)),
    }
}

fn existing(user: User) -> Done<User> {
    Done::saying([Said::Status(format!("{} already exists", user.label()))], user)
}
