//! Emails: rendering and delivery.
//!
//! A [`Mailer`] renders and delivers one message. `api::outbox`, a higher layer, decides which
//! messages wait in the database until they are delivered.

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

/// Sends the emails of a deployment.
pub struct Mailer {
    route: Route,
    sent: Vec<&'static MailKind>,
    templates: Templates,
    sender_wake_up: WakeUp,
}

/// The active transport.
enum Route {
    None,
    Log,
    File(File),
    Smtp(Box<Smtp>),
    Webhook(Box<Webhook>),
}

impl Mailer {
    /// A mailer for these kinds and this configuration; it does not access disk or network.
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

    /// Whether messages of this kind are sent.
    pub fn sends(&self, kind: &str) -> bool {
        self.sent.iter().any(|sent| sent.name == kind)
    }

    /// Whether messages are stored in the outbox until they are delivered.
    pub fn keeps_outbox(&self) -> bool {
        matches!(self.route, Route::Smtp(_) | Route::Webhook(_))
    }

    /// Delivers a message; blocking.
    pub fn deliver(&self, message: &Message, now: Timestamp) -> Result<(), Failure> {
        let rendered = self.templates.render(message)?;
        match &self.route {
            Route::None => Err(Failure::Refused("email.transport is none".to_owned())),
            Route::Log => {
                let Message { kind, to, .. } = message;
                let (url, code) = (message.url.as_deref(), message.code.as_deref());
                tracing::warn!(kind, to, url, code, "email logged instead of sent");
                Ok(())
            }
            Route::File(file) => file.append(message, &rendered),
            Route::Smtp(smtp) => smtp.send(message, &rendered),
            Route::Webhook(webhook) => webhook.post(message, &rendered, now),
        }
    }

    /// Renders a message without sending it, so that the response time does not tell whether an
    /// address belongs to a user.
    pub fn pretend(&self, message: &Message) {
        if !self.keeps_outbox() {
            drop(self.templates.render(message));
        }
    }

    /// Renders each kind of message and prepares the transport, so that a bad template or a missing
    /// certificate is an error at startup, not at the first message.
    ///
    /// # Errors
    /// `CONFIG_INVALID` with the name of the template or file.
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

    /// The longest duration of a delivery: no other sender takes the message during that time.
    pub fn lease(&self) -> Duration {
        match &self.route {
            Route::Smtp(smtp) => smtp.lease(),
            Route::Webhook(webhook) => webhook.lease(),
            Route::None | Route::Log | Route::File(_) => Duration::ZERO,
        }
    }

    /// Wakes the sender when there are messages.
    pub fn sender_wake_up(&self) -> &WakeUp {
        &self.sender_wake_up
    }
}
