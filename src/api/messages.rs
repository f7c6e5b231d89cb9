//! Emails that a rule sends [contract 9]: stored in its transaction, or delivered right after it.

use percent_encoding::utf8_percent_encode;

use crate::crypto::cookie::ESCAPED;
use crate::database::Tx;
use crate::email::Message;
use crate::error::AuthError;
use crate::instance::Client;
use crate::instance::Instance;
use crate::models::outbox;
use crate::models::outbox::NewEntry;

/// The base URL of links in emails, and the redirect URL after them.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// The URL of the endpoints, such as `https://auth.example.com/api/auth`.
    pub base_url: String,
    /// The redirect URL of the request, validated before.
    pub callback: Option<String>,
    /// The client that requests it; `None` for the server and for administrators.
    pub client: Option<Client>,
}

impl Link {
    pub(super) fn verify_email(&self, token: &str) -> String {
        self.with_token("verify-email", token)
    }

    pub(super) fn delete_user(&self, token: &str) -> String {
        self.with_token("delete-user/callback", token)
    }

    pub(super) fn reset_password(&self, token: &str) -> String {
        let callback = escape(self.named().unwrap_or_default());
        format!("{}/reset-password/{token}?callbackURL={callback}", self.base_url)
    }

    /// A link to an endpoint that takes the token and redirects, to the page `/` by default; the
    /// path is below the base path, such as `magic-link/verify`.
    pub fn with_token(&self, path: &str, token: &str) -> String {
        let callback = escape(self.named().unwrap_or("/"));
        format!("{}/{path}?token={token}&callbackURL={callback}", self.base_url)
    }

    /// The redirect URL of the request.
    pub fn named(&self) -> Option<&str> {
        self.callback.as_deref().filter(|place| !place.is_empty())
    }
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The emails of a transaction, from [`write()`].
pub struct Outgoing<'a> {
    instance: &'a Instance,
    sent: Vec<Message>,
    pretended: Vec<Message>,
}

impl Outgoing<'_> {
    /// Sends a message if the transaction succeeds and its kind is enabled.
    pub fn send(&mut self, tx: &mut Tx<'_>, message: Message) -> Result<(), AuthError> {
        let mailer = self.instance.mailer();
        if !mailer.sends(&message.kind) {
            return Ok(());
        }
        if mailer.keeps_outbox() {
            put(tx, &message, true)?;
        }
        self.sent.push(message);
        Ok(())
    }

    /// Does the work of sending without a recipient: the response time must not reveal whether an
    /// address belongs to a user.
    pub fn pretend(&mut self, tx: &mut Tx<'_>, message: Message) -> Result<(), AuthError> {
        if self.instance.mailer().keeps_outbox() {
            put(tx, &message, false)?;
        }
        self.pretended.push(message);
        Ok(())
    }
}

fn put(tx: &mut Tx<'_>, message: &Message, is_real: bool) -> Result<(), AuthError> {
    let payload = serde_json::to_string(message).map_err(AuthError::internal)?;
    let new = NewEntry {
        id: &message.id,
        kind: &message.kind,
        recipient: &message.to,
        payload: &payload,
        expires_at: tx.now().after(message.lifetime()),
        is_real,
    };
    Ok(outbox::insert(tx, &new)?)
}

/// The delivery status of an email when the call returns. Responses to requests must not contain
/// it: it reveals whether an address is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageStatus {
    /// Stored in the outbox under this id, and not sent yet.
    Kept(String),
    /// Delivered to the transport.
    HandedOver,
    /// Not sent, and not retried; contains the reason.
    NotSent(String),
}

/// Runs a transaction that may send emails. Without an outbox, they are delivered after it; a
/// failed delivery is logged and does not fail the request.
pub fn write<T>(
    instance: &Instance,
    job: impl FnMut(&mut Tx<'_>, &mut Outgoing<'_>) -> Result<T, AuthError>,
) -> Result<T, AuthError> {
    post(instance, job).map(|(done, _)| done)
}

/// Like [`write()`], and returns the delivery status of its email, if there is one.
pub fn post<T>(
    instance: &Instance,
    mut job: impl FnMut(&mut Tx<'_>, &mut Outgoing<'_>) -> Result<T, AuthError>,
) -> Result<(T, Option<MessageStatus>), AuthError> {
    let (done, outgoing) = instance.database().write(|tx| {
        let mut outgoing = Outgoing { instance, sent: Vec::new(), pretended: Vec::new() };
        job(tx, &mut outgoing).map(|done| (done, outgoing))
    })?;
    let Outgoing { sent, pretended, .. } = outgoing;
    let mailer = instance.mailer();
    if mailer.keeps_outbox() {
        if !sent.is_empty() || !pretended.is_empty() {
            mailer.sender_wake_up().notify();
        }
        return Ok((done, sent.into_iter().last().map(|message| MessageStatus::Kept(message.id))));
    }
    let mut posted = None;
    for message in &sent {
        posted = Some(MessageStatus::HandedOver);
        if let Err(failure) = mailer.deliver(message, instance.database().clock().now()) {
            let (kind, to) = (&message.kind, &message.to);
            tracing::error!(kind, to, reason = %failure, "email not sent");
            posted = Some(MessageStatus::NotSent(failure.to_string()));
        }
    }
    for message in &pretended {
        mailer.pretend(message);
    }
    Ok((done, posted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_better_auths_to_the_letter() {
        let base_url = "http://h/api/auth".to_owned();
        let mut link = Link { base_url, ..Link::default() };
        assert_eq!(
            link.verify_email("t"),
            "http://h/api/auth/verify-email?token=t&callbackURL=%2F"
        );
        assert_eq!(
            link.delete_user("t"),
            "http://h/api/auth/delete-user/callback?token=t&callbackURL=%2F"
        );
        assert_eq!(link.reset_password("t"), "http://h/api/auth/reset-password/t?callbackURL=");
        link.callback = Some("https://a.b/c d?e=f&g=(h)#i".to_owned());
        let escaped = "https%3A%2F%2Fa.b%2Fc%20d%3Fe%3Df%26g%3D(h)%23i";
        assert!(link.verify_email("t").ends_with(&format!("&callbackURL={escaped}")));
        assert!(link.reset_password("t").ends_with(&format!("?callbackURL={escaped}")));
    }
}
