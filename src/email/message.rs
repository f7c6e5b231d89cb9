//! A message before rendering: its kind, its recipient, and its values.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::crypto::random;
use crate::database::Timestamp;
use crate::email::MailKind;
use crate::email::template::Rendered;
use crate::models::User;
use crate::rows::Additional;

/// A message before rendering. Its serialised form is stored in the outbox and contains the secret
/// of its link, like the row of that one-time value.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The same for every attempt, so that recipients can detect duplicates.
    pub id: String,
    /// The name of its [`MailKind`].
    pub kind: String,
    /// The recipient's address.
    pub to: String,
    /// The URL of its link; `None` for a notification.
    pub url: Option<String>,
    /// The secret in the link.
    pub token: Option<String>,
    /// The requested new address.
    pub new_email: Option<String>,
    /// A code for the user to enter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Further values of the template.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The user, if there is one.
    pub user: Option<User>,
    /// The lifetime of its link or code in seconds.
    pub lifetime: u64,
}

impl Message {
    /// A message to a user, without a link.
    pub fn new(kind: &MailKind, user: &User, lifetime: Duration) -> Self {
        Self { user: Some(user.clone()), ..Self::to_address(kind, &user.email, lifetime) }
    }

    /// A message to an address that may not belong to a user.
    pub fn to_address(kind: &MailKind, address: &str, lifetime: Duration) -> Self {
        Self {
            id: random::id(),
            kind: kind.name.to_owned(),
            to: address.to_owned(),
            url: None,
            token: None,
            new_email: None,
            code: None,
            values: BTreeMap::new(),
            user: None,
            lifetime: lifetime.as_secs(),
        }
    }

    /// The lifetime of its link or code.
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.lifetime)
    }

    /// Adds a link.
    #[must_use]
    pub fn with_link(mut self, url: String, token: String) -> Self {
        (self.url, self.token) = (Some(url), Some(token));
        self
    }

    /// Adds a code for the user to enter.
    #[must_use]
    pub fn with_code(mut self, code: String) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a value; templates use it as `values.NAME`.
    #[must_use]
    pub fn with_value(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Sets another recipient.
    #[must_use]
    pub fn to(mut self, address: &str) -> Self {
        address.clone_into(&mut self.to);
        self
    }

    /// Adds the new address.
    #[must_use]
    pub fn about(mut self, new_email: &str) -> Self {
        self.new_email = Some(new_email.to_owned());
        self
    }

    /// A message with sample values, for checking templates and transports.
    pub fn sample(kind: &MailKind) -> Self {
        let now = Timestamp::from_millis(0);
        let user = User {
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            email_verified: false,
            image: None,
            created_at: now,
            updated_at: now,
            additional: Additional::default(),
            id: random::id(),
        };
        let message = Self::new(kind, &user, Duration::from_secs(60 * 60));
        (kind.sample)(message.about("ada@example.org"))
    }
}

/// A message for other programs: the payload of the webhook and of the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    id: &'a str,
    kind: &'a str,
    to: &'a str,
    subject: &'a str,
    url: Option<&'a str>,
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'a BTreeMap<String, String>>,
    text: &'a str,
    html: &'a str,
    user: Option<&'a User>,
}

impl<'a> Event<'a> {
    pub(super) fn new(message: &'a Message, rendered: &'a Rendered) -> Self {
        Self {
            id: &message.id,
            kind: &message.kind,
            to: &message.to,
            subject: &rendered.subject,
            url: message.url.as_deref(),
            token: message.token.as_deref(),
            new_email: message.new_email.as_deref(),
            code: message.code.as_deref(),
            values: Some(&message.values).filter(|values| !values.is_empty()),
            text: &rendered.text,
            html: &rendered.html,
            user: message.user.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_in_an_outbox_keeps_its_form() {
        let of_an_older_version = concat!(
            r#"{"id":"01","kind":"reset-password","to":"ada@example.com","url":"https://a.b/c","#,
            r#""token":"t","newEmail":null,"user":{"name":"Ada","email":"ada@example.com","#,
            r#""emailVerified":false,"image":null,"createdAt":"1970-01-01T00:00:00.000Z","#,
            r#""updatedAt":"1970-01-01T00:00:00.000Z","id":"02"},"lifetime":3600}"#
        );
        let message: Message = serde_json::from_str(of_an_older_version).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), of_an_older_version);
        let message = message.with_code("123456".to_owned()).with_value("team", "Tea");
        let again: Message =
            serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
        assert_eq!(again.code.as_deref(), Some("123456"));
        assert_eq!(again.values, message.values);
    }
}
