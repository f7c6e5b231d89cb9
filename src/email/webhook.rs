//! The `webhook` transport: posts messages as signed JSON to an application, which sends them.
//!
//! The headers follow [Standard Webhooks](https://www.standardwebhooks.com), which has verification
//! libraries for many languages.

use std::time::Duration;

use crate::config::WebhookOptions;
use crate::crypto::webhook;
use crate::database::Timestamp;
use crate::email::Failure;
use crate::email::Message;
use crate::email::message::Event;
use crate::email::template::Rendered;

/// Added to the longest delivery for work other than network I/O.
const MARGIN: Duration = Duration::from_secs(5);

/// An application that sends emails.
pub(super) struct Webhook {
    options: WebhookOptions,
    agent: ureq::Agent,
}

impl Webhook {
    pub(super) fn new(options: &WebhookOptions) -> Self {
        let config = ureq::config::Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(options.timeout))
            .build();
        Self { options: options.clone(), agent: config.into() }
    }

    pub(super) fn post(
        &self,
        message: &Message,
        rendered: &Rendered,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let body = serde_json::to_vec(&Event::new(message, rendered))
            .map_err(|error| Failure::Refused(error.to_string()))?;
        let at = now.as_millis() / 1000;
        let secret = self.options.secret.as_ref();
        let signature = secret.and_then(|secret| webhook::sign(secret, &message.id, at, &body));
        let url = self.options.url.as_deref().unwrap_or_default();
        let answer = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature.unwrap_or_default())
            .send(&body)
            .map_err(|error| Failure::Unreachable(error.to_string()))?;
        let status = answer.status();
        let reason = format!("the application answered {status}");
        match status.as_u16() {
            200..=299 => Ok(()),
            // The application has rejected this message.
            400 | 410 | 413 | 422 => Err(Failure::Refused(reason)),
            408 | 409 | 425 | 429 => Err(Failure::Later(reason)),
            _ => Err(Failure::Unreachable(reason)),
        }
    }

    pub(super) fn lease(&self) -> Duration {
        self.options.timeout + MARGIN
    }
}
