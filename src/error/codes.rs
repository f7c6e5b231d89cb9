//! The core's error codes, one row each [contract 2.2, 2.3]; those of plugins are beside their endpoints.

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
    /// No user has the given id, address or token.
    USER_NOT_FOUND 400 "User not found" => USER_NOT_FOUND 404;
    /// Several users have the given address, in different spellings.
    AMBIGUOUS_USER 409 "Several users have this address";
    /// A user has several accounts at the provider that was named.
    AMBIGUOUS_ACCOUNT 400 "The user has several accounts there";
    /// The session does not exist.
    SESSION_NOT_FOUND 404 "Session not found";
    /// The session was deleted between reading and refreshing.
    FAILED_TO_GET_SESSION 401 "Failed to get session";
    /// The password of a signed-in user does not match.
    INVALID_PASSWORD 400 "Invalid password";
    /// Not an email address.
    INVALID_EMAIL 400 "Invalid email";
    /// Unknown user, no password, or a wrong one: never told apart.
    INVALID_EMAIL_OR_PASSWORD 401 "Invalid email or password" => INVALID_CREDENTIALS 401;
    /// The address must be verified before signing in.
    EMAIL_NOT_VERIFIED 403 "Email not verified";
    /// The user is banned.
    BANNED_USER 403 "You have been banned from this application. Please contact support if you believe this is an error.";
    /// The user has a second factor, and this deployment cannot ask for it.
    TWO_FACTOR_REQUIRED 403 "This account has a second factor, which cannot be checked here";
    /// Shorter than `emailAndPassword.minPasswordLength`.
    PASSWORD_TOO_SHORT 400 "Password too short";
    /// Longer than `emailAndPassword.maxPasswordLength`.
    PASSWORD_TOO_LONG 400 "Password too long";
    /// The address is taken.
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL 422 "User already exists. Use another email." as conflict;
    /// Another row has the same unique value; the message names the field if it is known.
    VALUE_ALREADY_TAKEN 409 "This value is taken already";
    /// An address changes through `/change-email` only.
    EMAIL_CAN_NOT_BE_UPDATED 400 "Email can not be updated";
    /// The user has no password.
    CREDENTIAL_ACCOUNT_NOT_FOUND 400 "Credential account not found";
    /// The account with this id is not the user's, or does not exist.
    ACCOUNT_NOT_FOUND 400 "Account not found";
    /// Without this account the user could not sign in any more.
    FAILED_TO_UNLINK_LAST_ACCOUNT 400 "You can't unlink your last account";
    /// The session is too old for this action.
    SESSION_EXPIRED 400 "Session expired. Re-authenticate to perform this action." => SESSION_EXPIRED 401;
    /// The session is older than `session.freshAge`.
    SESSION_NOT_FRESH 403 "Session is not fresh";
    /// The request has no valid session.
    UNAUTHORIZED 401 "Unauthorized" => SESSION_EXPIRED 401;
    /// A navigation from another site tried to sign a user in.
    CROSS_SITE_NAVIGATION_LOGIN_BLOCKED 403 "Cross-site navigation login blocked. This request appears to be a CSRF attack.";
    /// The `Origin` is not trusted.
    INVALID_ORIGIN 403 "Invalid origin";
    /// A cookie came without an `Origin` or `Referer`.
    MISSING_OR_NULL_ORIGIN 403 "Missing or null Origin";
    /// `callbackURL` is not trusted.
    INVALID_CALLBACK_URL 403 "Invalid callbackURL";
    /// `redirectTo` is not trusted.
    INVALID_REDIRECT_URL 403 "Invalid redirectURL";
    /// `errorCallbackURL` is not trusted.
    INVALID_ERROR_CALLBACK_URL 403 "Invalid errorCallbackURL";
    /// `newUserCallbackURL` is not trusted.
    INVALID_NEW_USER_CALLBACK_URL 403 "Invalid newUserCallbackURL";
    /// A field of the body or query has the wrong form.
    VALIDATION_ERROR 400 "Validation Error";
    /// Only the server may set this additional field.
    FIELD_NOT_ALLOWED 400 "Field not allowed to be set";
    /// A required additional field is missing.
    MISSING_FIELD 400 "Field is required";
    /// The request cannot be understood.
    BAD_REQUEST 400 "Bad request";
    /// The request names a host that is not in `baseURL.allowedHosts`.
    HOST_NOT_ALLOWED 400 "This host is not allowed";
    /// The endpoint does not accept the media type of the body.
    UNSUPPORTED_MEDIA_TYPE 415 "Unsupported Media Type";
    /// The body exceeds the limit.
    PAYLOAD_TOO_LARGE 413 "Request body is too large";
    /// The request did not arrive in time.
    REQUEST_TIMEOUT 408 "The request took too long to arrive";
    /// Path and query exceed the limit.
    URI_TOO_LONG 414 "The request's path and query are too long";
    /// The request headers exceed the limit.
    REQUEST_HEADER_FIELDS_TOO_LARGE 431 "The request's headers are too large";
    /// Sign-up with a password is disabled.
    EMAIL_PASSWORD_SIGN_UP_DISABLED 400 "Email and password sign up is not enabled";
    /// Signing in with a password is disabled.
    EMAIL_PASSWORD_DISABLED 400 "Email and password is not enabled";
    /// `POST /get-session` requires `session.deferSessionRefresh`.
    METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED 405 "POST method requires deferSessionRefresh to be enabled in session config";
    /// The database lacks tables or columns: `better-auth migrate`.
    SCHEMA_MISMATCH 503 "The database needs migration";
    /// A migration cannot change what is in the database.
    MIGRATION_BLOCKED 500 "The database cannot be migrated";
    /// Rows of the application refer to the row to be deleted, or a referenced row does not exist.
    FOREIGN_KEY_VIOLATION 409 "Other data depends on this, or this depends on data that is not there";
    /// A check or trigger of the database refused the change.
    CONSTRAINT_VIOLATION 422 "A rule of the database refuses this";
    /// The database cannot be reached.
    DATABASE_UNAVAILABLE 503 "The database is not available";
    /// The database can be read but not written.
    DATABASE_READ_ONLY 503 "The database is read-only";
    /// The secondary storage cannot be reached.
    SECONDARY_STORAGE_UNAVAILABLE 503 "The secondary storage is not available";
    /// The storage holds more sessions than a list can collect.
    TOO_MANY_SESSIONS 400 "There are too many sessions to list; name a user";
    /// The client sent too many requests.
    RATE_LIMIT_EXCEEDED 429 "Too many requests. Please try again later.";
    /// Too many wrong passwords for this name: sign-in is locked for a while.
    ACCOUNT_TEMPORARILY_LOCKED 429 "Too many failed attempts. Choose a new password, or try again later.";
    /// Too many requests, connections or waiting password hashes.
    SERVER_BUSY 503 "The server is busy. Please try again shortly.";
    /// The configuration is invalid; the cause names the key.
    CONFIG_INVALID 500 "The configuration cannot be used";
    /// The token of a link is unknown, used or expired.
    INVALID_TOKEN 400 "Invalid token";
    /// The token was issued here and has expired.
    TOKEN_EXPIRED 401 "Token expired";
    /// The link belongs to another user than the one signed in.
    INVALID_USER 401 "Invalid user";
    /// No user to get information about.
    FAILED_TO_GET_USER_INFO 404 "Failed to get user info";
    /// The endpoint is disabled.
    NOT_FOUND 404 "Not found";
    /// Password reset messages are not enabled.
    RESET_PASSWORD_DISABLED 400 "Reset password isn't enabled";
    /// Verification messages are not enabled.
    VERIFICATION_EMAIL_NOT_ENABLED 400 "Verification email isn't enabled";
    /// The address is not the one of the signed-in user.
    EMAIL_MISMATCH 400 "Email mismatch";
    /// The address is verified already.
    EMAIL_ALREADY_VERIFIED 400 "Email is already verified";
    /// Changing the email address is disabled.
    CHANGE_EMAIL_DISABLED 400 "Change email is disabled";
    /// There is no outbox: messages are sent at once or not at all (`email.transport`).
    OUTBOX_NOT_KEPT 400 "Messages are kept only with email.transport smtp or webhook";
    /// A message was not accepted; the text says why.
    MESSAGE_NOT_SENT 502 "The message was not sent";
    /// A message was sent already, or its link is over.
    MESSAGE_SETTLED 409 "The message cannot be sent again";
    /// A provider refuses this application, or does not answer.
    PROVIDER_UNUSABLE 502 "Nobody can sign in with this provider";
    /// No provider of this name is configured.
    PROVIDER_NOT_FOUND 404 "Provider not found";
    /// The provider's token has no address.
    USER_EMAIL_NOT_FOUND 401 "User email not found";
    /// The provider account cannot be linked; the text says why.
    OAUTH_LINK_ERROR 401 "account not linked";
    /// The account is linked to another user.
    SOCIAL_ACCOUNT_ALREADY_LINKED 409 "Social account already linked";
    /// The provider is not trusted to verify addresses, or linking is disabled.
    LINKING_NOT_ALLOWED 401 "Account not linked - linking not allowed";
    /// The provider has another address for the user.
    LINKING_DIFFERENT_EMAILS_NOT_ALLOWED 401 "Account not linked - different emails not allowed";
    /// ID tokens of this provider cannot be verified.
    ID_TOKEN_NOT_SUPPORTED 404 "id_token not supported";
    /// The account's provider is not configured any more.
    PROVIDER_NOT_SUPPORTED 400 "Provider is not supported.";
    /// The same, for user information.
    PROVIDER_NOT_CONFIGURED 400 "Account is not associated with a configured social provider.";
    /// The provider does not refresh tokens.
    TOKEN_REFRESH_NOT_SUPPORTED 400 "Provider does not support token refreshing.";
    /// There is no refresh token.
    REFRESH_TOKEN_NOT_FOUND 400 "Refresh token not found";
    /// There is no access token.
    ACCESS_TOKEN_NOT_FOUND 400 "Access token not found";
    /// The access token has expired and cannot be refreshed.
    FAILED_TO_GET_ACCESS_TOKEN 400 "Failed to get a valid access token";
    /// The provider did not refresh the token.
    FAILED_TO_REFRESH_ACCESS_TOKEN 400 "Failed to refresh access token";
    /// An unexpected error; the log has the cause.
    INTERNAL_SERVER_ERROR 500 "Internal Server Error";
}

// Errors of a sign-in by provider, in lower case as in the redirect URL [contract 2.4].
codes! {
    /// The redirect has no state.
    state_not_found 400 "State not found" as of_redirect;
    /// The state is unknown, expired, or belongs to another browser.
    state_mismatch 400 "State mismatch" as of_redirect;
    /// The state cannot be parsed.
    state_invalid 400 "State invalid" as of_redirect;
    /// The parameters are too long for a URL.
    invalid_callback_request 400 "Invalid callback request" as of_redirect;
    /// The redirect has no authorization code.
    no_code 400 "No code" as of_redirect;
    /// The provider is not configured.
    oauth_provider_not_found 404 "Provider not found" as of_redirect;
    /// The redirect came from another issuer.
    issuer_mismatch 401 "Issuer mismatch" as of_redirect;
    /// The sign-in was begun without a nonce.
    nonce_binding_missing 401 "Nonce binding missing" as of_redirect;
    /// The provider rejected the authorization code.
    invalid_code 401 "Invalid code" as of_redirect;
    /// The provider returned no user information.
    unable_to_get_user_info 401 "Unable to get user info" as of_redirect;
    /// The provider returned no email address.
    email_not_found 401 "Email not found" as of_redirect;
    /// The address is not verified.
    email_not_verified 401 "email_not_verified" as of_redirect;
    /// The provider has another address for the user.
    email_does_not_match 401 "email_does_not_match" as of_redirect;
    /// The account is linked to another user.
    account_already_linked_to_different_user 401 "account_already_linked_to_different_user" as of_redirect;
    /// The account cannot be linked.
    unable_to_link_account 401 "unable to link account" as of_redirect;
    /// A user with this address exists and has not linked this account.
    account_not_linked 401 "account not linked" as of_redirect;
    /// The provider is configured not to create users.
    signup_disabled 401 "signup disabled" as of_redirect;
    /// The user cannot be created.
    unable_to_create_user 401 "unable to create user" as of_redirect;
    /// An unexpected error; the log has the cause.
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
