//! One message: what it is about, for whom, and what its link is.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::config::MailKind;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::email::template::Rendered;
use crate::models::User;
use crate::rows::Additional;

/// A message before it has words. Its serialised form waits in the outbox and holds the secret of its
/// link, as the row does that the link uses up.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The same at every attempt, so that whoever receives it twice can tell.
    pub id: String,
    /// What it is about.
    pub kind: MailKind,
    /// The address.
    pub to: String,
    /// Where its link leads; none in a message that only tells something.
    pub url: Option<String>,
    /// The secret in the link.
    pub token: Option<String>,
    /// The address that the user wants instead.
    pub new_email: Option<String>,
    /// Whom it is about.
    pub user: User,
    /// Seconds that the link works from the beginning.
    pub lifetime: u64,
}

impl Message {
    /// A message about a user without a link, to their own address.
    pub fn new(kind: MailKind, user: &User, lifetime: Duration) -> Self {
        Self {
            id: random::id(),
            kind,
            to: user.email.clone(),
            url: None,
            token: None,
            new_email: None,
            user: user.clone(),
            lifetime: lifetime.as_secs(),
        }
    }

    /// How long its link works from the beginning.
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.lifetime)
    }

    /// The same with a link.
    #[must_use]
    pub fn with_link(mut self, url: String, token: String) -> Self {
        (self.url, self.token) = (Some(url), Some(token));
        self
    }

    /// The same to another address.
    #[must_use]
    pub fn to(mut self, address: &str) -> Self {
        address.clone_into(&mut self.to);
        self
    }

    /// The same about a new address.
    #[must_use]
    pub fn about(mut self, new_email: &str) -> Self {
        self.new_email = Some(new_email.to_owned());
        self
    }

    /// A message about nobody, to try templates and transports with.
    pub fn sample(kind: MailKind) -> Self {
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
        let message = Self::new(kind, &user, Duration::from_secs(60 * 60)).about("ada@example.org");
        if matches!(kind, MailKind::ExistingUserSignUp | MailKind::Test) {
            return message;
        }
        message.with_link("https://example.com/a-link".to_owned(), "a-token".to_owned())
    }
}

/// What other programs get: an application by webhook, a reader of the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    id: &'a str,
    kind: MailKind,
    to: &'a str,
    subject: &'a str,
    url: Option<&'a str>,
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_email: Option<&'a str>,
    text: &'a str,
    html: &'a str,
    user: &'a User,
}

impl<'a> Event<'a> {
    pub(super) fn new(message: &'a Message, rendered: &'a Rendered) -> Self {
        Self {
            id: &message.id,
            kind: message.kind,
            to: &message.to,
            subject: &rendered.subject,
            url: message.url.as_deref(),
            token: message.token.as_deref(),
            new_email: message.new_email.as_deref(),
            text: &rendered.text,
            html: &rendered.html,
            user: &message.user,
        }
    }
}
