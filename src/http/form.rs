//! The form of a value, as data. Bodies and queries are validated against it (`validation.rs`), the
//! tests compare the answers of endpoints with it, and the OpenAPI document is generated from it.

use std::fmt;
use std::fmt::Display;

use crate::config::AdditionalFields;
use crate::config::Config;

/// The form of a value.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Any value.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag,
    /// Always this boolean.
    Always(bool),
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A whole number, zero or more.
    Count,
    /// A string without NUL characters, which PostgreSQL cannot store.
    Text,
    /// A non-empty string, and the message for an empty one.
    NonEmpty(&'static str),
    /// An email address.
    Email,
    /// A time in UTC, such as `2026-11-23T12:00:00.000Z`.
    Time,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// Any value, converted to a string as JavaScript does, in this form.
    Coerced(&'static Self),
    /// This or `null`.
    OrNull(&'static Self),
    /// An array of these.
    List(&'static Self),
    /// An object with these as values.
    Map(&'static Self),
    /// An object with these members; others are ignored.
    Object(&'static [Member]),
    /// An object with these members and no others.
    Strict(&'static [Member]),
    /// An object with any members, including these; Better Auth's messages call it a record.
    Record(&'static [Member]),
    /// A row in an answer, with the additional fields of the configuration and of plugins.
    Row(&'static RowForm),
    /// At least one of these forms.
    AnyOf(&'static [Self]),
    /// Exactly one of these forms.
    ExactlyOne(&'static [Self]),
    /// All of these forms.
    AllOf(&'static [Self]),
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// The form of its value.
    pub form: Form,
    /// Whether it is always present.
    pub is_required: bool,
}

/// A row as clients see it. The OpenAPI document defines it once, under its name.
#[derive(Debug)]
pub struct RowForm {
    /// The name in the OpenAPI document.
    pub name: &'static str,
    /// Its members without additional fields, in the order of the answer; the id comes last.
    pub members: &'static [Member],
    /// The additional fields.
    pub added: fn(&Config) -> Option<&AdditionalFields>,
}

const USER: RowForm = RowForm {
    name: "User",
    members: &[
        Member::required("name", Form::Text),
        Member::required("email", Form::Text),
        Member::required("emailVerified", Form::Flag),
        Member::required("image", Form::OrNull(&Form::Text)),
        Member::required("createdAt", Form::Time),
        Member::required("updatedAt", Form::Time),
    ],
    added: |config| Some(&config.user.additional_fields),
};

const SESSION: RowForm = RowForm {
    name: "Session",
    members: &[
        Member::required("expiresAt", Form::Time),
        Member::required("token", Form::Text),
        Member::required("createdAt", Form::Time),
        Member::required("updatedAt", Form::Time),
        Member::required("ipAddress", Form::OrNull(&Form::Text)),
        Member::required("userAgent", Form::OrNull(&Form::Text)),
        Member::required("userId", Form::Text),
    ],
    added: |config| Some(&config.session.additional_fields),
};

const ACCOUNT: RowForm = RowForm {
    name: "LinkedAccount",
    members: &[
        Member::required("accountId", Form::Text),
        Member::required("providerId", Form::Text),
        Member::required("userId", Form::Text),
        Member::required("createdAt", Form::Time),
        Member::required("updatedAt", Form::Time),
        Member::required("scopes", Form::List(&Form::Text)),
    ],
    added: |config| Some(&config.account.additional_fields),
};

impl Form {
    /// A non-empty string.
    pub const FILLED: Self = Self::NonEmpty("Too small: expected string to have >=1 characters");
    /// A user.
    pub const USER: Self = Self::Row(&USER);
    /// A session.
    pub const SESSION: Self = Self::Row(&SESSION);
    /// An account of a user, without secrets.
    pub const ACCOUNT: Self = Self::Row(&ACCOUNT);
    /// `{"status":true}`
    pub const STATUS: Self = Self::Object(&[Member::required("status", Self::Always(true))]);
    /// `{"success":true}`
    pub const SUCCESS: Self = Self::Object(&[Member::required("success", Self::Always(true))]);
    /// `{"user":…}`
    pub const WITH_USER: Self = Self::Object(&[Member::required("user", Self::USER)]);
    /// `{"session":…,"user":…}`
    pub const SESSION_WITH_USER: Self = Self::Object(&[
        Member::required("session", Self::SESSION),
        Member::required("user", Self::USER),
    ]);
    /// The token of a new session, and its user.
    pub const SIGNED_IN: Self = Self::Object(&[
        Member::required("redirect", Self::Flag),
        Member::required("token", Self::Text),
        Member::optional("url", Self::Text),
        Member::required("user", Self::USER),
    ]);
    /// Like `SIGNED_IN`, but there may be no session.
    pub const TOKEN_AND_USER: Self = Self::Object(&[
        Member::required("token", Self::OrNull(&Self::Text)),
        Member::required("user", Self::USER),
    ]);

    /// The members that an object of this form may have.
    pub fn members(&self) -> Vec<Member> {
        match self {
            Self::Object(members) | Self::Strict(members) | Self::Record(members) => {
                members.to_vec()
            }
            Self::AnyOf(forms) | Self::ExactlyOne(forms) | Self::AllOf(forms) => {
                forms.iter().flat_map(Self::members).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The rows in it.
    pub fn rows(&self) -> Vec<&'static RowForm> {
        match self {
            Self::Row(row) => vec![row],
            Self::Coerced(form) | Self::OrNull(form) | Self::List(form) | Self::Map(form) => {
                form.rows()
            }
            Self::AnyOf(forms) | Self::ExactlyOne(forms) | Self::AllOf(forms) => {
                forms.iter().flat_map(Self::rows).collect()
            }
            form => form.members().iter().flat_map(|member| member.form.rows()).collect(),
        }
    }
}

/// One line, such as `{ token: text or null, user: User }`.
impl Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Null => f.write_str("null"),
            Self::Flag => f.write_str("true or false"),
            Self::Always(flag) => write!(f, "{flag}"),
            Self::Number | Self::Integer | Self::Count => f.write_str("number"),
            Self::Text | Self::NonEmpty(_) => f.write_str("text"),
            Self::Email => f.write_str("email address"),
            Self::Time => f.write_str("time"),
            Self::OneOf(texts) => f.write_str(&texts.join(" or ")),
            Self::Coerced(form) => write!(f, "{form}"),
            Self::OrNull(form) => write!(f, "{form} or null"),
            Self::List(form) => write!(f, "[{form}, …]"),
            Self::Map(form) => write!(f, "{{ …: {form} }}"),
            Self::Record([]) => f.write_str("object"),
            Self::Object(members) | Self::Strict(members) | Self::Record(members) => {
                write!(f, "{{ {} }}", join(members, ", "))
            }
            Self::Row(row) => f.write_str(row.name),
            Self::AnyOf(forms) => f.write_str(&join(forms, " or ")),
            Self::ExactlyOne(forms) => write!(f, "either {}", join(forms, " or ")),
            Self::AllOf(forms) => f.write_str(&join(forms, " and ")),
        }
    }
}

impl Member {
    /// A member that is always present.
    pub const fn required(name: &'static str, form: Form) -> Self {
        Self { name, form, is_required: true }
    }

    /// A member that may be missing.
    pub const fn optional(name: &'static str, form: Form) -> Self {
        Self { name, form, is_required: false }
    }
}

impl Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_required { "" } else { "?" };
        write!(f, "{}{mark}: {}", self.name, self.form)
    }
}

/// Several of them in one line.
pub(crate) fn join<T: Display>(all: &[T], separator: &str) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_shown_in_one_line() {
        for (form, line) in [
            (Form::SIGNED_IN, "{ redirect: true or false, token: text, url?: text, user: User }"),
            (Form::List(&Form::SESSION), "[Session, …]"),
            (Form::Map(&Form::List(&Form::Text)), "{ …: [text, …] }"),
            (
                Form::AnyOf(&[Form::OneOf(&["a", "b"]), Form::OrNull(&Form::Count)]),
                "a or b or number or null",
            ),
            (
                Form::AllOf(&[Form::STATUS, Form::ExactlyOne(&[Form::SUCCESS, Form::Record(&[])])]),
                "{ status: true } and either { success: true } or object",
            ),
        ] {
            assert_eq!(form.to_string(), line);
        }
    }

    #[test]
    fn rows_and_members_are_found_wherever_they_are() {
        const FORM: Form = Form::AllOf(&[
            Form::SIGNED_IN,
            Form::ExactlyOne(&[Form::STATUS, Form::WITH_USER]),
            Form::Object(&[Member::optional("past", Form::Map(&Form::List(&Form::SESSION)))]),
        ]);
        let rows: Vec<&str> = FORM.rows().iter().map(|row| row.name).collect();
        assert_eq!(rows, ["User", "User", "Session"]);
        let members: Vec<&str> = FORM.members().iter().map(|member| member.name).collect();
        assert_eq!(members, ["redirect", "token", "url", "user", "status", "user", "past"]);
    }
}
