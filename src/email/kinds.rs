//! Kinds of emails, one row each. The core's are here, a plugin's are in the plugin.

use crate::email::Message;

/// A kind of email with its built-in templates.
#[derive(Debug)]
#[non_exhaustive]
pub struct MailKind {
    /// The name, such as `reset-password`: in `email.senders`, in the outbox, and of its templates.
    pub name: &'static str,
    /// The template of the text; its first line is `Subject: …`.
    pub text: &'static str,
    /// The template of the HTML; all kinds share `layout.html`.
    pub html: &'static str,
    /// Whether a server for this machine logs it without a configured transport: the user expects
    /// this email and cannot continue without it.
    pub is_default: bool,
    /// Adds sample values to a message of this kind, for checking templates.
    pub sample: fn(Message) -> Message,
}

impl MailKind {
    /// A kind whose messages have no values besides the user.
    pub const fn new(name: &'static str, text: &'static str, html: &'static str) -> Self {
        Self { name, text, html, is_default: false, sample: |message| message }
    }

    /// Marks a kind that is also logged without a configured transport.
    #[must_use]
    pub const fn by_default(mut self) -> Self {
        self.is_default = true;
        self
    }

    /// Sets the values of its messages: a link, a code, or others.
    #[must_use]
    pub const fn with_sample(mut self, sample: fn(Message) -> Message) -> Self {
        self.sample = sample;
        self
    }

    const fn with_link(self) -> Self {
        self.with_sample(|message| {
            message.with_link("https://example.com/a-link".to_owned(), "a-token".to_owned())
        })
    }
}

macro_rules! built_in {
    ($name:literal) => {
        MailKind::new(
            $name,
            include_str!(concat!("templates/", $name, ".txt")),
            include_str!(concat!("templates/", $name, ".html")),
        )
    };
}

/// Verifies an address.
pub const VERIFICATION: &MailKind = &built_in!("verification").with_link().by_default();
/// Resets a password.
pub const RESET_PASSWORD: &MailKind = &built_in!("reset-password").with_link().by_default();
/// Asks for approval of a new address, sent to the old one.
pub const CHANGE_EMAIL: &MailKind = &built_in!("change-email").with_link();
/// Confirms the deletion of a user.
pub const DELETE_ACCOUNT: &MailKind = &built_in!("delete-account").with_link();
/// Informs a user about a sign-up with the user's address.
pub const EXISTING_USER_SIGN_UP: &MailKind = &built_in!("existing-user-sign-up");
/// Invites a user whom an administrator created to set a password.
pub const USER_INVITATION: &MailKind = &built_in!("user-invitation").with_link().by_default();
/// Informs a user that the account is locked after too many wrong passwords, with a way to unlock
/// it.
pub const ACCOUNT_LOCKED: &MailKind = &built_in!("account-locked").with_link();
/// A test email of an administrator; no option disables it.
pub const TEST: &MailKind = &built_in!("test");

/// All kinds of the core.
pub const ALL: &[&MailKind] = &[
    VERIFICATION,
    RESET_PASSWORD,
    CHANGE_EMAIL,
    DELETE_ACCOUNT,
    EXISTING_USER_SIGN_UP,
    USER_INVITATION,
    ACCOUNT_LOCKED,
];
