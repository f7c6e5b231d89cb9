//! What messages are about: a row for each kind. Those of the core stand here, those of plugins with them.

use crate::email::Message;

/// What a message is about, and its built-in words.
#[derive(Debug)]
#[non_exhaustive]
pub struct MailKind {
    /// Its name, such as `reset-password`: in `email.senders`, in the outbox, and of its templates.
    pub name: &'static str,
    /// The template of the text; its first line is `Subject: …`.
    pub text: &'static str,
    /// The template of the page; `layout.html` is what such pages have in common.
    pub html: &'static str,
    /// Whether a server on this machine logs it when nothing is configured: without it something would be lost,
    /// and the user expects it.
    pub is_default: bool,
    /// Gives a message what those of this kind carry, to try templates with.
    pub sample: fn(Message) -> Message,
}

impl MailKind {
    /// A kind whose messages carry nothing but their user.
    pub const fn new(name: &'static str, text: &'static str, html: &'static str) -> Self {
        Self { name, text, html, is_default: false, sample: |message| message }
    }

    /// The same, also logged by a server on this machine when nothing is configured.
    #[must_use]
    pub const fn by_default(mut self) -> Self {
        self.is_default = true;
        self
    }

    /// The same with what its messages carry: a link, a code, other values.
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

/// Shows that an address is theirs.
pub const VERIFICATION: &MailKind = &built_in!("verification").with_link().by_default();
/// Leads to a new password.
pub const RESET_PASSWORD: &MailKind = &built_in!("reset-password").with_link().by_default();
/// Asks the old address whether the new one is wanted.
pub const CHANGE_EMAIL: &MailKind = &built_in!("change-email").with_link();
/// Asks whether the user is really to be deleted.
pub const DELETE_ACCOUNT: &MailKind = &built_in!("delete-account").with_link();
/// Somebody signed up with an address that has a user already.
pub const EXISTING_USER_SIGN_UP: &MailKind = &built_in!("existing-user-sign-up");
/// An administrator made the user, who is to choose a password.
pub const USER_INVITATION: &MailKind = &built_in!("user-invitation").with_link().by_default();
/// Too many wrong passwords have locked an account, whose owner is shown the way back in.
pub const ACCOUNT_LOCKED: &MailKind = &built_in!("account-locked").with_link();
/// Shows an administrator that messages arrive; no option switches it off.
pub const TEST: &MailKind = &built_in!("test");

/// All that a flow of the core sends.
pub const ALL: &[&MailKind] = &[
    VERIFICATION,
    RESET_PASSWORD,
    CHANGE_EMAIL,
    DELETE_ACCOUNT,
    EXISTING_USER_SIGN_UP,
    USER_INVITATION,
    ACCOUNT_LOCKED,
];
