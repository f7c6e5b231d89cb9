//! `mail`: the outbox, and sending emails.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::email;
use crate::api::messages::MessageStatus;
use crate::api::outbox;
use crate::api::outbox::SendSummary;
use crate::config::Transport;
use crate::email::Message;
use crate::email::kinds;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::outbox::OutboxEntry;
use crate::models::outbox::OutboxFilter;
use crate::models::outbox::OutboxStatus;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::LIMIT;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::lists;
use crate::operations::outcome::Cell;
use crate::operations::outcome::Record;
use crate::operations::outcome::Said;
use crate::operations::outcome::View;
use crate::operations::users;
use crate::rows::Page;

/// Lists emails.
pub const LIST: Operation<ListMessages, MessageList> =
    Operation::new("mail.list", ("mail", "list"), list).refuses(&[codes::OUTBOX_NOT_KEPT]);

/// Makes emails due.
pub const RETRY: Operation<RetryMessages, DueMessages> =
    Operation::new("mail.retry", ("mail", "send"), retry).refuses(&[
        codes::OUTBOX_NOT_KEPT,
        codes::NOT_FOUND,
        codes::MESSAGE_SETTLED,
    ]);

/// Sends due emails.
pub const SEND: Operation<SendMessages, SentMessages> =
    Operation::new("mail.send", ("mail", "send"), send)
        .refuses(&[codes::OUTBOX_NOT_KEPT, codes::MESSAGE_NOT_SENT])
        .sends_messages();

/// Sends a test email.
pub const TEST: Operation<SendTestMessage, SentMessage> =
    Operation::new("mail.test", ("mail", "send"), test)
        .refuses(&[codes::INVALID_EMAIL, codes::MESSAGE_NOT_SENT])
        .sends_messages();

crate::operations::input! {
    /// List emails, newest first
    ///
    /// The outbox is kept with email.transport smtp and webhook: it contains pending and failed
    /// emails, and sent ones for a week. The content is not shown, because it contains a secret.
    #[command(after_help = "\
Examples:
  better-auth mail list --status failed
  better-auth mail list --json | jq -r '.messages[].recipient'")]
    #[derive(Debug, PartialEq, Eq)]
    #[serde(default)]
    pub struct ListMessages {
        /// Only emails with this status
        #[arg(long, value_parser = status())]
        pub status: Option<OutboxStatus>,
        /// Maximum number of rows [default: 100]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), default_value_t = LIMIT, hide_default_value = true)]
        pub limit: u32,
        /// Rows to skip
        #[arg(long, value_name = "N", default_value_t = 0)]
        pub offset: u32,
    }
}

#[cfg(feature = "cli")]
fn status() -> impl clap::builder::TypedValueParser<Value = OutboxStatus> {
    use clap::builder::TypedValueParser as _;
    let names = OutboxStatus::ALL.map(OutboxStatus::name);
    clap::builder::PossibleValuesParser::new(names).map(|name| OutboxStatus::of(&name))
}

impl Default for ListMessages {
    fn default() -> Self {
        Self { status: None, limit: LIMIT, offset: 0 }
    }
}

/// A page of emails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageList {
    /// The page.
    pub messages: Vec<OutboxEntry>,
    /// Whether there are more.
    pub has_more: bool,
    #[serde(skip)]
    next: Option<u32>,
}

impl Outcome for MessageList {
    fn view(&self) -> Option<View> {
        Some(View::page("messages", &self.messages, None, self.next))
    }
}

impl Record for OutboxEntry {
    const HEADERS: &'static [&'static str] =
        &["id", "kind", "recipient", "status", "attempts", "created", "error"];
    const KEPT: &'static [usize] = &[2, 3];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.kind.as_str().into(),
            self.recipient.as_str().into(),
            self.status.name().into(),
            self.attempts.to_string().into(),
            self.created_at.into(),
            self.last_error.as_deref().unwrap_or_default().into(),
        ]
    }
}

fn list(call: &Call<'_>, input: &ListMessages) -> Result<Done<MessageList>, AuthError> {
    let filter = OutboxFilter { id: None, status: input.status };
    let page = lists::page(input.limit, input.offset);
    let mut messages = outbox::list(call.instance(), &filter, page)?;
    let next = lists::cut(&mut messages, input.limit, input.offset);
    Ok(MessageList { messages, has_more: next.is_some(), next }.into())
}

crate::operations::input! {
    /// Retry failed emails
    ///
    /// They are due immediately; a running server sends them, or `better-auth mail send`. An email
    /// whose link has expired is not retried: the user can request a new one.
    #[command(after_help = "\
Examples:
  better-auth mail retry 01997b5e-3c5f-7a0e-8a57-0d7f6f0c1a2b
  better-auth mail retry --all && better-auth mail send")]
    #[derive(Debug, Default)]
    #[serde(default)]
    pub struct RetryMessages {
        /// Id of the email
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        pub message: Option<String>,
        /// All failed emails
        #[arg(long)]
        pub all: bool,
    }
}

/// The number of due emails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DueMessages {
    due: u64,
}

impl Outcome for DueMessages {}

fn retry(call: &Call<'_>, input: &RetryMessages) -> Result<Done<DueMessages>, AuthError> {
    let due = match (&input.message, input.all) {
        (Some(_), true) => {
            let message = "all and the id of an email contradict each other";
            return Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message));
        }
        (Some(id), false) => outbox::retry(call.instance(), Some(id))?,
        (None, true) => outbox::retry(call.instance(), None)?,
        (None, false) => 0,
    };
    if let (0, Some(id)) = (due, &input.message) {
        return Err(match entry(call, id)? {
            None => {
                AuthError::new(codes::NOT_FOUND).with_message(format!("no email has the id {id:?}"))
            }
            Some(found) if found.status == OutboxStatus::Sent => {
                AuthError::new(codes::MESSAGE_SETTLED).with_message("the email was already sent")
            }
            Some(found) => AuthError::new(codes::MESSAGE_SETTLED)
                .with_message(format!("its link expired at {}", found.expires_at)),
        });
    }
    let plural = if due == 1 { "" } else { "s" };
    Ok(Done::new(format!("{due} email{plural} due now"), DueMessages { due }))
}

fn entry(call: &Call<'_>, id: &str) -> Result<Option<OutboxEntry>, AuthError> {
    let filter = OutboxFilter { id: Some(id.to_owned()), status: None };
    let found = outbox::list(call.instance(), &filter, Page { limit: 1, offset: 0 })?;
    Ok(found.into_iter().next())
}

crate::operations::input! {
    /// Send pending emails once
    ///
    /// A running server does this by itself. Fails if an email could not be sent; it stays in the
    /// outbox and is retried later, unless it has failed for good.
    #[command(after_help = "\
Example:
  better-auth mail send")]
    #[derive(Debug, Default)]
    #[serde(default)]
    pub struct SendMessages {}
}

/// The result of sending due emails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentMessages {
    sent: u64,
    later: u64,
    given_up: u64,
}

impl Outcome for SentMessages {}

fn send(call: &Call<'_>, _: &SendMessages) -> Result<Done<SentMessages>, AuthError> {
    // Fails without an outbox, like the other operations.
    outbox::list(call.instance(), &OutboxFilter::default(), Page { limit: 1, offset: 0 })?;
    let summary = outbox::send_due(call.instance(), &|| true)?;
    let SendSummary { sent, later, given_up, unreachable } = summary;
    let counts = format!("{sent} sent, {later} to be retried, {given_up} failed");
    let output = SentMessages { sent, later, given_up };
    if later + given_up == 0 {
        return Ok(Done::new(counts, output));
    }
    let error = AuthError::new(codes::MESSAGE_NOT_SENT);
    let error = match unreachable {
        Some(reason) => error.with_message(format!("{counts}: {reason}")),
        None => error.with_message(counts).with_hint("`better-auth mail list` shows the reasons"),
    };
    Ok(Done::from(output).failing(Some(error)))
}

crate::operations::input! {
    /// Send a test email now
    #[command(after_help = "\
Example:
  better-auth mail test you@example.com")]
    #[derive(Debug)]
    pub struct SendTestMessage {
        /// Recipient
        #[serde(rename = "email")]
        #[arg(value_name = "EMAIL")]
        pub address: String,
    }
}

fn test(call: &Call<'_>, input: &SendTestMessage) -> Result<Done<SentMessage>, AuthError> {
    let SendTestMessage { address } = input;
    if !email::is_valid(address) {
        return Err(users::explain(codes::INVALID_EMAIL.into(), address, call));
    }
    let message = Message::sample(kinds::TEST).to(address);
    call.instance().mailer().deliver(&message, call.now()).map_err(|failure| {
        AuthError::new(codes::MESSAGE_NOT_SENT).with_message(failure.to_string())
    })?;
    let sent = SentMessage::by_transport(call);
    let how = sent.delivery.words(call);
    Ok(Done::new(format!("test email for {address} {how}"), sent))
}

/// The result of sending an email.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SentMessage {
    status: bool,
    /// The delivery status.
    pub delivery: Delivery,
}

impl Outcome for SentMessage {}

/// The delivery status of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// Accepted by the transport.
    Sent,
    /// Written to the log.
    Logged,
    /// Written to the file.
    Written,
    /// Pending, to be retried.
    Pending,
}

impl SentMessage {
    fn new(delivery: Delivery) -> Self {
        Self { status: true, delivery }
    }

    /// The status of an email that the transport has accepted.
    fn by_transport(call: &Call<'_>) -> Self {
        Self::new(match call.instance().config().transport() {
            Transport::Log => Delivery::Logged,
            Transport::File => Delivery::Written,
            Transport::Smtp | Transport::Webhook | Transport::None => Delivery::Sent,
        })
    }
}

impl Delivery {
    fn words(self, call: &Call<'_>) -> String {
        match self {
            Self::Sent => "sent".to_owned(),
            Self::Logged => "written to the log".to_owned(),
            Self::Written => {
                format!("written to {}", call.instance().config().email.file.display())
            }
            Self::Pending => "waits".to_owned(),
        }
    }
}

/// Delivers an email as far as possible without a server, and returns the status.
///
/// # Errors
/// `MESSAGE_NOT_SENT`.
pub(super) fn see_off(
    call: &Call<'_>,
    message: Option<MessageStatus>,
    what: &str,
) -> Result<(SentMessage, Said), AuthError> {
    let sent = match message {
        Some(MessageStatus::Kept(id)) => return send_one(call, &id, what),
        Some(MessageStatus::HandedOver) => SentMessage::by_transport(call),
        Some(MessageStatus::NotSent(reason)) => return Err(not_sent(what, &reason)),
        None => return Err(not_sent(what, "no user has this address anymore")),
    };
    let said = Said::Done(format!("{what} {}", sent.delivery.words(call)));
    Ok((sent, said))
}

/// Sends pending emails, including this one unless earlier ones cannot be sent.
fn send_one(call: &Call<'_>, id: &str, what: &str) -> Result<(SentMessage, Said), AuthError> {
    let SendSummary { unreachable, .. } = outbox::send_due(call.instance(), &|| true)?;
    let (status, error) = entry(call, id)?
        .map_or((OutboxStatus::Sent, None), |entry| (entry.status, entry.last_error));
    let (delivery, said) = match status {
        OutboxStatus::Sent => (Delivery::Sent, Said::Done(format!("{what} sent"))),
        OutboxStatus::Failed => return Err(not_sent(what, &error.unwrap_or_default())),
        OutboxStatus::Pending => {
            let reason = error.or(unreachable).map(|reason| format!(": {reason}"));
            let reason = reason.unwrap_or_default();
            let said = format!(
                "{what} is pending{reason}; `better-auth serve` and `better-auth mail send` retry"
            );
            (Delivery::Pending, Said::Warning(said))
        }
    };
    Ok((SentMessage::new(delivery), said))
}

fn not_sent(what: &str, reason: &str) -> AuthError {
    let message = format!("{what} was not sent: {reason}");
    AuthError::new(codes::MESSAGE_NOT_SENT).with_message(message)
}
