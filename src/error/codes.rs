//! The core's error codes, one row each [contract 2.2, 2.3]; plugins keep their own beside their endpoints.

#![expect(non_upper_case_globals, reason = "a constant has the name of its code")]

use crate::error::ErrorCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $status:literal $message:literal $(=> $reference:ident $reference_status:literal)? $(as $kind:ident)?;)*) => {
        $(
            $(#[$doc])*
            pub const $name: &ErrorCode = &ErrorCode::new(stringify!($name), $status, $message)
                $(.in_reference(stringify!($reference), $reference_status))?
                $(.$kind())?;
        )*
    };
}

codes! {
    /// No user has the id, address or token that was given.
    USER_NOT_FOUND 400 "User not found" => USER_NOT_FOUND 404;
    /// Several users have the address that was given, each in a spelling of its own.
    AMBIGUOUS_USER 409 "Several users have this address";
    /// A user has several accounts at the provider that was named.
    AMBIGUOUS_ACCOUNT 400 "The user has several accounts there";
    /// A session was named that does not exist.
    SESSION_NOT_FOUND 404 "Session not found";
    /// The row vanished between reading and refreshing.
    FAILED_TO_GET_SESSION 401 "Failed to get session";
    /// The password of a signed-in user does not match.
    INVALID_PASSWORD 400 "Invalid password";
    /// Not an e-mail address.
    INVALID_EMAIL 400 "Invalid email";
    /// Unknown user, no password, or the wrong one: never told apart.
    INVALID_EMAIL_OR_PASSWORD 401 "Invalid email or password" => INVALID_CREDENTIALS 401;
    /// The address must be verified before signing in.
    EMAIL_NOT_VERIFIED 403 "Email not verified";
    /// Shorter than `emailAndPassword.minPasswordLength`.
    PASSWORD_TOO_SHORT 400 "Password too short";
    /// Longer than `emailAndPassword.maxPasswordLength`.
    PASSWORD_TOO_LONG 400 "Password too long";
    /// The address is taken.
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL 422 "User already exists. Use another email." as conflict;
    /// Another row holds a value that no two may share; the message names the field where it is known.
    VALUE_ALREADY_TAKEN 409 "This value is taken already";
    /// An address changes through `/change-email` only.
    EMAIL_CAN_NOT_BE_UPDATED 400 "Email can not be updated";
    /// The user has no password.
    CREDENTIAL_ACCOUNT_NOT_FOUND 400 "Credential account not found";
    /// The account with this id is not the user's, or does not exist.
    ACCOUNT_NOT_FOUND 400 "Account not found";
    /// Without it the user could not sign in any more.
    FAILED_TO_UNLINK_LAST_ACCOUNT 400 "You can't unlink your last account";
    /// The session is too old for what was asked.
    SESSION_EXPIRED 400 "Session expired. Re-authenticate to perform this action." => SESSION_EXPIRED 401;
    /// The session is older than `session.freshAge`.
    SESSION_NOT_FRESH 403 "Session is not fresh";
    /// No valid session came with the request.
    UNAUTHORIZED 401 "Unauthorized" => SESSION_EXPIRED 401;
    /// A navigation from another site tried to sign somebody in.
    CROSS_SITE_NAVIGATION_LOGIN_BLOCKED 403 "Cross-site navigation login blocked. This request appears to be a CSRF attack.";
    /// The `Origin` is not trusted.
    INVALID_ORIGIN 403 "Invalid origin";
    /// A cookie came without an `Origin` or `Referer`.
    MISSING_OR_NULL_ORIGIN 403 "Missing or null Origin";
    /// `callbackURL` leads to a place that is not trusted.
    INVALID_CALLBACK_URL 403 "Invalid callbackURL";
    /// `redirectTo` leads to a place that is not trusted.
    INVALID_REDIRECT_URL 403 "Invalid redirectURL";
    /// `errorCallbackURL` leads to a place that is not trusted.
    INVALID_ERROR_CALLBACK_URL 403 "Invalid errorCallbackURL";
    /// `newUserCallbackURL` leads to a place that is not trusted.
    INVALID_NEW_USER_CALLBACK_URL 403 "Invalid newUserCallbackURL";
    /// A field of the body or query has the wrong form.
    VALIDATION_ERROR 400 "Validation Error";
    /// An additional field that only the server sets.
    FIELD_NOT_ALLOWED 400 "Field not allowed to be set";
    /// An additional field that must be given.
    MISSING_FIELD 400 "Field is required";
    /// The request cannot be understood.
    BAD_REQUEST 400 "Bad request";
    /// The request names a host that is not in `baseURL.allowedHosts`.
    HOST_NOT_ALLOWED 400 "This host is not allowed";
    /// The body's media type is not one that the endpoint reads.
    UNSUPPORTED_MEDIA_TYPE 415 "Unsupported Media Type";
    /// The body is larger than the server reads.
    PAYLOAD_TOO_LARGE 413 "Request body is too large";
    /// The request did not arrive in time.
    REQUEST_TIMEOUT 408 "The request took too long to arrive";
    /// Path and query are longer than the server reads.
    URI_TOO_LONG 414 "The request's path and query are too long";
    /// The head is larger than the server reads.
    REQUEST_HEADER_FIELDS_TOO_LARGE 431 "The request's headers are too large";
    /// Sign-up with a password is off.
    EMAIL_PASSWORD_SIGN_UP_DISABLED 400 "Email and password sign up is not enabled";
    /// Signing in with a password is off.
    EMAIL_PASSWORD_DISABLED 400 "Email and password is not enabled";
    /// `POST /get-session` belongs to `session.deferSessionRefresh`.
    METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED 405 "POST method requires deferSessionRefresh to be enabled in session config";
    /// The database lacks tables or columns: `better-auth migrate`.
    SCHEMA_MISMATCH 503 "The database needs migration";
    /// The database has something that a migration must not touch.
    MIGRATION_BLOCKED 500 "The database cannot be migrated";
    /// Rows of the application refer to what is to go, or a row that was referred to is not there.
    FOREIGN_KEY_VIOLATION 409 "Other data depends on this, or this depends on data that is not there";
    /// A rule that the application gave the database refuses this.
    CONSTRAINT_VIOLATION 422 "A rule of the database refuses this";
    /// The database does not answer.
    DATABASE_UNAVAILABLE 503 "The database is not available";
    /// The database can be read, and not be written.
    DATABASE_READ_ONLY 503 "The database is read-only";
    /// The secondary storage does not answer.
    SECONDARY_STORAGE_UNAVAILABLE 503 "The secondary storage is not available";
    /// A storage without order holds more sessions than a list gathers.
    TOO_MANY_SESSIONS 400 "There are too many sessions to list; name a user";
    /// The client asked too often.
    RATE_LIMIT_EXCEEDED 429 "Too many requests. Please try again later.";
    /// Too many passwords were wrong for this name; nobody signs in with it for a while.
    ACCOUNT_TEMPORARILY_LOCKED 429 "Too many failed attempts. Choose a new password, or try again later.";
    /// More requests or connections are there than the server takes, or more passwords wait to be hashed.
    SERVER_BUSY 503 "The server is busy. Please try again shortly.";
    /// The configuration cannot be used; the cause says which key.
    CONFIG_INVALID 500 "The configuration cannot be used";
    /// What a link carries was never given out, was used, or is over.
    INVALID_TOKEN 400 "Invalid token";
    /// The link was given out here, and is over.
    TOKEN_EXPIRED 401 "Token expired";
    /// The link belongs to somebody else than who is signed in.
    INVALID_USER 401 "Invalid user";
    /// Nobody is signed in who could be meant.
    FAILED_TO_GET_USER_INFO 404 "Failed to get user info";
    /// What was asked for is switched off.
    NOT_FOUND 404 "Not found";
    /// No message is sent that would lead to a new password.
    RESET_PASSWORD_DISABLED 400 "Reset password isn't enabled";
    /// No message is sent that would verify an address.
    VERIFICATION_EMAIL_NOT_ENABLED 400 "Verification email isn't enabled";
    /// The address is not the one of who is signed in.
    EMAIL_MISMATCH 400 "Email mismatch";
    /// There is nothing to verify.
    EMAIL_ALREADY_VERIFIED 400 "Email is already verified";
    /// Changing one's address is off.
    CHANGE_EMAIL_DISABLED 400 "Change email is disabled";
    /// Messages are not kept: they leave at once, or not at all (`email.transport`).
    OUTBOX_NOT_KEPT 400 "Messages are kept only with email.transport smtp or webhook";
    /// A message was not taken; the text says why.
    MESSAGE_NOT_SENT 502 "The message was not sent";
    /// A message was sent already, or its link is over.
    MESSAGE_SETTLED 409 "The message cannot be sent again";
    /// A provider refuses this application, or does not answer.
    PROVIDER_UNUSABLE 502 "Nobody can sign in with this provider";
    /// No provider of this name is configured.
    PROVIDER_NOT_FOUND 404 "Provider not found";
    /// The provider's token names no address.
    USER_EMAIL_NOT_FOUND 401 "User email not found";
    /// The provider's word is not enough; the text says why.
    OAUTH_LINK_ERROR 401 "account not linked";
    /// Somebody else has this way in.
    SOCIAL_ACCOUNT_ALREADY_LINKED 409 "Social account already linked";
    /// The provider's word on addresses is not taken, or linking is off.
    LINKING_NOT_ALLOWED 401 "Account not linked - linking not allowed";
    /// The provider's address is another one.
    LINKING_DIFFERENT_EMAILS_NOT_ALLOWED 401 "Account not linked - different emails not allowed";
    /// The provider's tokens cannot be checked here.
    ID_TOKEN_NOT_SUPPORTED 404 "id_token not supported";
    /// The account's provider is not configured any more.
    PROVIDER_NOT_SUPPORTED 400 "Provider is not supported.";
    /// The same, for who it is.
    PROVIDER_NOT_CONFIGURED 400 "Account is not associated with a configured social provider.";
    /// The provider has no way to renew tokens.
    TOKEN_REFRESH_NOT_SUPPORTED 400 "Provider does not support token refreshing.";
    /// The provider gave no refresh token.
    REFRESH_TOKEN_NOT_FOUND 400 "Refresh token not found";
    /// The provider gave no access token.
    ACCESS_TOKEN_NOT_FOUND 400 "Access token not found";
    /// The access token is over and cannot be renewed.
    FAILED_TO_GET_ACCESS_TOKEN 400 "Failed to get a valid access token";
    /// The provider does not renew the token.
    FAILED_TO_REFRESH_ACCESS_TOKEN 400 "Failed to refresh access token";
    /// Something unexpected; the log has the cause.
    INTERNAL_SERVER_ERROR 500 "Internal Server Error";
}

// What ends a sign-in by a provider; in lower case, as it stands in the address that people are sent to
// [contract 2.4].
codes! {
    /// No state came back.
    state_not_found 400 "State not found" as of_redirect;
    /// The state is unknown, over, or another browser's.
    state_mismatch 400 "State mismatch" as of_redirect;
    /// The state cannot be read.
    state_invalid 400 "State invalid" as of_redirect;
    /// More came back than an address can hold.
    invalid_callback_request 400 "Invalid callback request" as of_redirect;
    /// No code came back.
    no_code 400 "No code" as of_redirect;
    /// The provider is not configured.
    oauth_provider_not_found 404 "Provider not found" as of_redirect;
    /// The answer came from another issuer.
    issuer_mismatch 401 "Issuer mismatch" as of_redirect;
    /// The sign-in that came back was begun without a nonce.
    nonce_binding_missing 401 "Nonce binding missing" as of_redirect;
    /// The provider does not take the code.
    invalid_code 401 "Invalid code" as of_redirect;
    /// The provider does not say who it is.
    unable_to_get_user_info 401 "Unable to get user info" as of_redirect;
    /// The provider gave no address.
    email_not_found 401 "Email not found" as of_redirect;
    /// The address is not verified.
    email_not_verified 401 "email_not_verified" as of_redirect;
    /// The provider's address is another one.
    email_does_not_match 401 "email_does_not_match" as of_redirect;
    /// Somebody else has this way in.
    account_already_linked_to_different_user 401 "account_already_linked_to_different_user" as of_redirect;
    /// The way in cannot be added.
    unable_to_link_account 401 "unable to link account" as of_redirect;
    /// There is a user with this address who has not added this way in.
    account_not_linked 401 "account not linked" as of_redirect;
    /// Nobody becomes a user by this provider.
    signup_disabled 401 "signup disabled" as of_redirect;
    /// The user cannot be made.
    unable_to_create_user 401 "unable to create user" as of_redirect;
    /// Something unexpected; the log has the cause.
    internal_server_error 500 "Internal Server Error" as of_redirect;
}

/// `FAILED_TO_GET_USER_INFO` of a provider [contract 2.2].
pub const NO_USER_INFO: &ErrorCode =
    &ErrorCode::new("FAILED_TO_GET_USER_INFO", 401, "Failed to get user info");

/// `INVALID_TOKEN` as `/verify-email` says it [contract 2.2].
pub const INVALID_VERIFICATION_TOKEN: &ErrorCode =
    &ErrorCode::new("INVALID_TOKEN", 401, "Invalid token").in_reference("INVALID_TOKEN", 400);

/// `USER_NOT_FOUND` as `/verify-email` says it [contract 14].
pub const VERIFICATION_USER_NOT_FOUND: &ErrorCode =
    &ErrorCode::new("USER_NOT_FOUND", 401, "User not found").in_reference("USER_NOT_FOUND", 404);

/// `INVALID_TOKEN` as `/delete-user` says it [contract 2.2].
pub const INVALID_DELETE_TOKEN: &ErrorCode =
    &ErrorCode::new("INVALID_TOKEN", 404, "Invalid token").in_reference("INVALID_TOKEN", 400);
