//! Messages: what they say, and how they leave.
//!
//! A [`Mailer`] renders one message and hands it over. Which of them wait in the database until another
//! machine has taken them is decided above, in `api::outbox`.

mod failure;
mod file;
pub mod kinds;
mod message;
mod smtp;
mod template;
mod wake_up;
mod webhook;

use std::time::Duration;

use crate::config::Config;
use crate::config::Transport;
use crate::database::Timestamp;
use crate::error::AuthError;
use crate::error::codes;

pub use failure::Failure;
pub use kinds::MailKind;
pub use message::Message;

use file::File;
use smtp::Smtp;
use template::Templates;
use wake_up::WakeUp;
use webhook::Webhook;

/// What sends messages for one deployment.
pub struct Mailer {
    route: Route,
    sent: Vec<&'static MailKind>,
    templates: Templates,
    sender_wake_up: WakeUp,
}

/// The transport in force.
enum Route {
    None,
    Log,
    File(File),
    Smtp(Box<Smtp>),
    Webhook(Box<Webhook>),
}

impl Mailer {
    /// What sends messages of these kinds as this configuration says; touches neither disk nor network.
    pub fn new(config: &Config, mut kinds: Vec<&'static MailKind>) -> Self {
        let email = &config.email;
        let route = match config.transport() {
            Transport::None => Route::None,
            Transport::Log => Route::Log,
            Transport::File => Route::File(File::new(&email.file)),
            Transport::Smtp => Route::Smtp(Box::new(Smtp::new(email))),
            Transport::Webhook => Route::Webhook(Box::new(Webhook::new(&email.webhook))),
        };
        let is_sent = |kind: &&MailKind| config.sends(kind.name, kind.is_default);
        let sent = kinds.iter().copied().filter(is_sent).collect();
        kinds.push(kinds::TEST);
        Self {
            route,
            sent,
            templates: Templates::new(config, kinds),
            sender_wake_up: WakeUp::default(),
        }
    }

    /// Whether messages of the kind with this name are sent.
    pub fn sends(&self, kind: &str) -> bool {
        self.sent.iter().any(|sent| sent.name == kind)
    }

    /// Whether messages wait in the database until another machine has taken them.
    pub fn keeps_outbox(&self) -> bool {
        matches!(self.route, Route::Smtp(_) | Route::Webhook(_))
    }

    /// Hands a message over at this time; blocks while it does.
    pub fn deliver(&self, message: &Message, now: Timestamp) -> Result<(), Failure> {
        let rendered = self.templates.render(message)?;
        match &self.route {
            Route::None => {
                Err(Failure::Refused("email.transport is none, so nothing is sent".to_owned()))
            }
            Route::Log => {
                let Message { kind, to, .. } = message;
                let (url, code) = (message.url.as_deref(), message.code.as_deref());
                tracing::warn!(kind, to, url, code, "message not sent, only logged");
                Ok(())
            }
            Route::File(file) => file.append(message, &rendered),
            Route::Smtp(smtp) => smtp.send(message, &rendered),
            Route::Webhook(webhook) => webhook.post(message, &rendered, now),
        }
    }

    /// Does the work of a message that goes nowhere, so that nobody can tell from the time an answer
    /// takes whether there was somebody to write to.
    pub fn pretend(&self, message: &Message) {
        if !self.keeps_outbox() {
            drop(self.templates.render(message));
        }
    }

    /// Renders every message once and prepares the transport, so that a bad template or a missing
    /// certificate shows at start and not when somebody waits for a message.
    ///
    /// # Errors
    /// `CONFIG_INVALID` with the template or file.
    pub fn check(&self) -> Result<(), AuthError> {
        let problem = |failure: Failure| {
            AuthError::new(codes::CONFIG_INVALID).with_message(failure.to_string())
        };
        for kind in &self.sent {
            self.templates.render(&Message::sample(kind)).map_err(problem)?;
        }
        match &self.route {
            Route::Smtp(smtp) => smtp.check().map_err(problem),
            Route::None | Route::Log | Route::File(_) | Route::Webhook(_) => Ok(()),
        }
    }

    /// How long a delivery can take at most: nobody else touches the message in that time.
    pub fn lease(&self) -> Duration {
        match &self.route {
            Route::Smtp(smtp) => smtp.lease(),
            Route::Webhook(webhook) => webhook.lease(),
            Route::None | Route::Log | Route::File(_) => Duration::ZERO,
        }
    }

    /// What wakes the sender when there is something to send.
    pub fn sender_wake_up(&self) -> &WakeUp {
        &self.sender_wake_up
    }
}
