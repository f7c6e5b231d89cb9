//! `users.verify-email`, `users.send-reset` and `users.invite`: emails with links.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::email_verification;
use crate::api::fields::WrittenBy;
use crate::api::password_reset;
use crate::api::users;
use crate::api::users::NewUser;
use crate::api::users::UserChanges;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Fields;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::mail;
use crate::operations::mail::SentMessage;
use crate::operations::outcome::Said;
use crate::operations::outcome::View;
use crate::operations::users::explain;
use crate::operations::users::name_of;

/// Marks an address as verified, or sends a verification link.
pub const VERIFY_EMAIL: Operation<VerifyEmail, VerifiedOrSent> =
    Operation::new("users.verify-email", ("user", "update"), verify_email)
        .refuses(&[
            codes::INVALID_EMAIL,
            codes::VERIFICATION_EMAIL_NOT_ENABLED,
            codes::INVALID_REDIRECT_URL,
            codes::MESSAGE_NOT_SENT,
        ])
        .sends_messages();

/// Sends a password reset link.
pub const SEND_RESET: Operation<SendReset, SentMessage> =
    Operation::new("users.send-reset", ("user", "set-password"), send_reset)
        .refuses(&[
            codes::INVALID_EMAIL,
            codes::RESET_PASSWORD_DISABLED,
            codes::INVALID_REDIRECT_URL,
            codes::MESSAGE_NOT_SENT,
        ])
        .sends_messages();

/// Creates a user and sends an invitation to set a password.
pub const INVITE: Operation<InviteUser, User> =
    Operation::new("users.invite", ("user", "create"), invite)
        .refuses(&[
            codes::INVALID_EMAIL,
            codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
            codes::RESET_PASSWORD_DISABLED,
            codes::INVALID_REDIRECT_URL,
            codes::MESSAGE_NOT_SENT,
        ])
        .sends_messages();

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Default lifetime of an invitation in days.
const DAYS: u32 = 7;

crate::operations::input! {
    /// Mark a user's email as verified, or send a verification link
    #[command(after_help = "\
Examples:
  better-auth users verify-email ada@example.com
  better-auth users verify-email ada@example.com --send")]
    #[derive(Debug)]
    pub struct VerifyEmail {
        /// Id or email address of the user
        pub user: String,
        /// Send a verification link instead
        #[serde(default)]
        #[arg(long)]
        pub send: bool,
        /// Redirect URL of the link [default: a page of this server]
        #[serde(rename = "callbackURL")]
        #[arg(long, value_name = "URL", requires = "send")]
        pub callback_url: Option<String>,
    }
}

/// A verified user, or the result of sending the verification link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum VerifiedOrSent {
    /// The user is verified.
    Verified(Box<User>),
    /// The link was sent.
    Sent(SentMessage),
}

impl Outcome for VerifiedOrSent {
    fn view(&self) -> Option<View> {
        match self {
            Self::Verified(user) => user.view(),
            Self::Sent(sent) => sent.view(),
        }
    }
}

fn verify_email(call: &Call<'_>, input: &VerifyEmail) -> Result<Done<VerifiedOrSent>, AuthError> {
    let (instance, user) = (call.instance(), call.user(&input.user)?);
    if user.email_verified {
        let said = Said::Status(format!("{} is already verified", user.label()));
        return Ok(Done::saying([said], VerifiedOrSent::Verified(Box::new(user))));
    }
    if input.send {
        require_address(&user)?;
        let link = call.link(input.callback_url.as_deref());
        let message =
            link.and_then(|link| email_verification::request(instance, &user.email, &link));
        let message = message.map_err(|error| explain(error, &user.email, call))?;
        let (sent, said) = mail::see_off(call, message, &link_for(&user))?;
        return Ok(Done::saying([said], VerifiedOrSent::Sent(sent)));
    }
    let changes = UserChanges { email_verified: Some(true), ..UserChanges::default() };
    let user = users::update(instance, &user.id, &changes, WrittenBy::Server, &call.caller())?;
    Ok(Done::new(format!("{} is verified", user.label()), VerifiedOrSent::Verified(Box::new(user))))
}

fn require_address(user: &User) -> Result<(), AuthError> {
    if !user.email.is_empty() {
        return Ok(());
    }
    let message = format!("{} has no email address", user.id);
    let hint = "set one with `better-auth users update ID --email ADDRESS`";
    Err(AuthError::new(codes::INVALID_EMAIL).with_message(message).with_hint(hint))
}

fn link_for(user: &User) -> String {
    format!("link for {}", user.label())
}

crate::operations::input! {
    /// Send a password reset link to a user
    #[command(after_help = "\
Examples:
  better-auth users send-reset ada@example.com
  better-auth users send-reset ada@example.com --redirect-to https://app.example.com/reset")]
    #[derive(Debug)]
    pub struct SendReset {
        /// Id or email address of the user
        pub user: String,
        /// The page that receives the token [default: a form of this server]
        #[arg(long, value_name = "URL")]
        pub redirect_to: Option<String>,
    }
}

fn send_reset(call: &Call<'_>, input: &SendReset) -> Result<Done<SentMessage>, AuthError> {
    let user = call.user(&input.user)?;
    require_address(&user)?;
    let link = call.link(input.redirect_to.as_deref());
    let message =
        link.and_then(|link| password_reset::request(call.instance(), &user.email, &link));
    let message = message.map_err(|error| explain(error, &user.email, call))?;
    let (sent, said) = mail::see_off(call, message, &link_for(&user))?;
    Ok(Done::saying([said], sent))
}

crate::operations::input! {
    /// Create a user without a password and send a link to set one
    ///
    /// The email counts as verified, because only the link gives access; use --unverified to change
    /// that.
    #[command(after_help = "\
Examples:
  better-auth users invite ada@example.com --name 'Ada Lovelace'
  better-auth users invite ada@example.com --redirect-to https://app.example.com/welcome --days 3")]
    #[derive(Debug)]
    pub struct InviteUser {
        /// Email address
        pub email: String,
        /// Display name; by default the part of the address before the @
        #[arg(long, help = "Display name [default: the part of the address before the @]")]
        pub name: Option<String>,
        /// Lifetime of the link in days
        #[serde(default = "days")]
        #[arg(long, value_name = "N", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=365))]
        pub days: u32,
        /// The page that receives the token [default: a form of this server]
        #[arg(long, value_name = "URL")]
        pub redirect_to: Option<String>,
        /// Mark the email as not verified
        #[serde(default)]
        #[arg(long)]
        pub unverified: bool,
        /// Values of additional fields by name
        #[serde(default)]
        #[command(flatten)]
        pub fields: Fields,
    }
}

fn days() -> u32 {
    DAYS
}

fn invite(call: &Call<'_>, input: &InviteUser) -> Result<Done<User>, AuthError> {
    let new = NewUser {
        email: input.email.clone(),
        name: input.name.clone().unwrap_or_else(|| name_of(&input.email)),
        email_verified: !input.unverified,
        additional: input.fields.values(call)?,
        ..NewUser::default()
    };
    let (link, lifetime) =
        (call.link(input.redirect_to.as_deref()), DAY * input.days.clamp(1, 365));
    let (user, message) = link
        .and_then(|link| {
            password_reset::invite(call.instance(), &new, &link, lifetime, &call.caller())
        })
        .map_err(|error| explain(error, &new.email, call))?;
    // The user exists even if sending the email fails.
    let mut said = vec![Said::Done(format!("created {}", user.label()))];
    let sent = mail::see_off(call, message, &link_for(&user));
    let failure = sent.map(|(_, how)| said.push(how)).err();
    let hint = format!("try again with `better-auth users send-reset {}`", user.email);
    Ok(Done::saying(said, user).failing(failure.map(|error| error.with_hint(hint))))
}
