//! The plugin's error codes.

use crate::error::ErrorCode;

pub(super) const USER_NOT_FOUND: &ErrorCode =
    &ErrorCode::new("USER_NOT_FOUND", 404, "User not found");
pub(super) const USER_ALREADY_EXISTS: &ErrorCode = &ErrorCode::new(
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    400,
    "User already exists. Use another email.",
);
pub(super) const MAY_NOT_SET_ROLE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE",
    403,
    "You are not allowed to change users role",
);
pub(super) const MAY_NOT_CREATE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS",
    403,
    "You are not allowed to create users",
);
pub(super) const MAY_NOT_LIST: &ErrorCode =
    &ErrorCode::new("YOU_ARE_NOT_ALLOWED_TO_LIST_USERS", 403, "You are not allowed to list users");
pub(super) const MAY_NOT_LIST_SESSIONS: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS",
    403,
    "You are not allowed to list users sessions",
);
pub(super) const MAY_NOT_BAN: &ErrorCode =
    &ErrorCode::new("YOU_ARE_NOT_ALLOWED_TO_BAN_USERS", 403, "You are not allowed to ban users");
pub(super) const MAY_NOT_IMPERSONATE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS",
    403,
    "You are not allowed to impersonate users",
);
pub(super) const MAY_NOT_REVOKE_SESSIONS: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS",
    403,
    "You are not allowed to revoke users sessions",
);
pub(super) const MAY_NOT_DELETE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS",
    403,
    "You are not allowed to delete users",
);
pub(super) const MAY_NOT_SET_PASSWORD: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD",
    403,
    "You are not allowed to set users password",
);
pub(super) const MAY_NOT_GET: &ErrorCode =
    &ErrorCode::new("YOU_ARE_NOT_ALLOWED_TO_GET_USER", 403, "You are not allowed to get user");
pub(super) const MAY_NOT_UPDATE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS",
    403,
    "You are not allowed to update users",
);
pub(super) const MAY_NOT_SET_EMAIL: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL",
    403,
    "You are not allowed to update users email",
);
pub(super) const MAY_NOT_SET_PHONE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PHONE_NUMBER",
    403,
    "You are not allowed to update users phone number",
);
pub(super) const MAY_NOT_SET_UNKNOWN_ROLE: &ErrorCode = &ErrorCode::new(
    "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE",
    400,
    "You are not allowed to set a non-existent role value",
);
pub(super) const CANNOT_IMPERSONATE_ADMINS: &ErrorCode =
    &ErrorCode::new("YOU_CANNOT_IMPERSONATE_ADMINS", 403, "You cannot impersonate admins");
pub(super) const CANNOT_BAN_YOURSELF: &ErrorCode =
    &ErrorCode::new("YOU_CANNOT_BAN_YOURSELF", 400, "You cannot ban yourself");
pub(super) const CANNOT_REMOVE_YOURSELF: &ErrorCode =
    &ErrorCode::new("YOU_CANNOT_REMOVE_YOURSELF", 400, "You cannot remove yourself");
pub(super) const NO_DATA: &ErrorCode =
    &ErrorCode::new("NO_DATA_TO_UPDATE", 400, "No data to update");
pub(super) const INVALID_ROLE_TYPE: &ErrorCode =
    &ErrorCode::new("INVALID_ROLE_TYPE", 400, "Invalid role type");
pub(super) const PASSWORD_CANNOT_BE_UPDATED: &ErrorCode = &ErrorCode::new(
    "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER",
    400,
    "Password cannot be updated through update-user. Use the set-user-password endpoint instead",
);
pub(super) const ID_CANNOT_BE_UPDATED: &ErrorCode =
    &ErrorCode::new("USER_ID_CANNOT_BE_UPDATED", 400, "User id cannot be updated");
pub(super) const NOT_IMPERSONATING: &ErrorCode =
    &ErrorCode::new("BAD_REQUEST", 400, "You are not impersonating anyone");
