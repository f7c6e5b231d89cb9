//! Messages that a rule causes [contract 9]: kept in its transaction, or handed over right after it.

use percent_encoding::utf8_percent_encode;

use crate::crypto::cookie::ESCAPED;
use crate::database::Tx;
use crate::email::Message;
use crate::error::AuthError;
use crate::instance::Client;
use crate::instance::Instance;
use crate::models::outbox;
use crate::models::outbox::NewEntry;

/// Where the links of messages lead, and where people are sent from there.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Where the endpoints begin, such as `https://auth.example.com/api/auth`.
    pub base_url: String,
    /// The place that the request named; it has been checked.
    pub callback: Option<String>,
    /// Who asks for it; nobody where the server or an administrator does.
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

    /// A link to an endpoint that takes the token and leads on to the place, the page `/` where none is named; the
    /// path is below the base path, such as `magic-link/verify`.
    pub fn with_token(&self, path: &str, token: &str) -> String {
        let callback = escape(self.named().unwrap_or("/"));
        format!("{}/{path}?token={token}&callbackURL={callback}", self.base_url)
    }

    /// The place that the request named, if it did.
    pub fn named(&self) -> Option<&str> {
        self.callback.as_deref().filter(|place| !place.is_empty())
    }
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The messages of one transaction, from [`write()`].
pub struct Outgoing<'a> {
    instance: &'a Instance,
    sent: Vec<Message>,
    pretended: Vec<Message>,
}

impl Outgoing<'_> {
    /// Sends a message, if the transaction succeeds and its kind is sent at all.
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

    /// Does the work of sending, and nobody gets anything: whoever asked on behalf of an address must not
    /// learn from the time it took whether there is anybody.
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

/// What is known of a message when the call that caused it returns. Requests must not answer with it:
/// it tells whether an address is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageStatus {
    /// The outbox has it under this id, and it is not sent yet.
    Kept(String),
    /// It was handed over.
    HandedOver,
    /// It was not, and nothing tries again; holds the reason.
    NotSent(String),
}

/// Runs a transaction that may send messages. Where no outbox keeps them they are handed over after
/// it; a failure of that is written to the log and is not the request's.
pub fn write<T>(
    instance: &Instance,
    job: impl FnMut(&mut Tx<'_>, &mut Outgoing<'_>) -> Result<T, AuthError>,
) -> Result<T, AuthError> {
    post(instance, job).map(|(done, _)| done)
}

/// As [`write()`], and answers what is known of the message, if one is sent.
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
            tracing::error!(kind, to, reason = %failure, "message not sent");
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
