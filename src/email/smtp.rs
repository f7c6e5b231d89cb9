//! The `smtp` transport: delivers messages to a mail server over kept connections [RFC 5321].

use std::sync::OnceLock;
use std::time::Duration;

use lettre::SmtpTransport;
use lettre::Transport as _;
use lettre::message::Mailbox;
use lettre::message::MultiPart;
use lettre::message::header::Header;
use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Certificate;
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::client::TlsParameters;

use crate::config::EmailOptions;
use crate::config::SmtpSecurity;
use crate::email::Failure;
use crate::email::Message;
use crate::email::template::Rendered;
use crate::files;

/// Maximum number of connections; only one thread sends.
const CONNECTIONS_MAX: u32 = 2;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// Maximum round trips of a delivery, each of which may take the whole timeout.
const ROUND_TRIPS: u32 = 10;
/// Responses about the connection or the login instead of the message [RFC 4954 6].
const NOT_ABOUT_THE_MESSAGE: &[u16] = &[421, 454, 530, 534, 535, 538];

/// A mail server; connects at the first use.
pub(super) struct Smtp {
    options: EmailOptions,
    server: OnceLock<SmtpTransport>,
}

/// Suppresses vacation responses [RFC 3834 5].
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Smtp {
    pub(super) fn new(options: &EmailOptions) -> Self {
        Self { options: options.clone(), server: OnceLock::new() }
    }

    pub(super) fn send(&self, message: &Message, rendered: &Rendered) -> Result<(), Failure> {
        let mail = self.compose(message, rendered)?;
        self.server()?.send(&mail).map(drop).map_err(|error| failure(&error))
    }

    /// Whether the options are valid; does not connect.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.server().map(drop)
    }

    pub(super) fn lease(&self) -> Duration {
        self.options.smtp.timeout * ROUND_TRIPS
    }

    fn compose(&self, message: &Message, rendered: &Rendered) -> Result<lettre::Message, Failure> {
        let refused = |error: &dyn std::fmt::Display| Failure::Refused(error.to_string());
        let address = |text: &str| text.parse::<Mailbox>().map_err(|error| refused(&error));
        let from = address(self.options.from.as_deref().unwrap_or_default())?;
        let message_id = format!("<{}@{}>", message.id, from.email.domain());
        let mut mail = lettre::Message::builder()
            .from(from)
            .to(Mailbox::new(None, message.to.parse().map_err(|error| refused(&error))?))
            .subject(&rendered.subject)
            .message_id(Some(message_id))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.options.reply_to {
            mail = mail.reply_to(address(reply_to)?);
        }
        let parts = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
        mail.multipart(parts).map_err(|error| refused(&error))
    }

    fn server(&self) -> Result<&SmtpTransport, Failure> {
        if let Some(server) = self.server.get() {
            return Ok(server);
        }
        let options = &self.options.smtp;
        let host = options.host.as_deref().unwrap_or_default();
        let (port, tls) = match options.security {
            SmtpSecurity::StartTls => (587, Tls::Required(self.tls(host)?)),
            SmtpSecurity::Tls => (465, Tls::Wrapper(self.tls(host)?)),
            SmtpSecurity::None => (25, Tls::None),
        };
        let pool = PoolConfig::new().max_size(CONNECTIONS_MAX).idle_timeout(IDLE);
        let mut server = SmtpTransport::builder_dangerous(host)
            .port(options.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(options.timeout))
            .pool_config(pool);
        if let (Some(username), Some(password)) = (&options.username, &options.password) {
            let credentials = Credentials::new(username.clone(), password.expose().to_owned());
            server = server.credentials(credentials);
        }
        Ok(self.server.get_or_init(|| server.build()))
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, Failure> {
        let mut tls = TlsParameters::builder(host.to_owned());
        if let Some(file) = &self.options.smtp.ca_file {
            let problem = |error: &dyn std::fmt::Display| {
                Failure::Unreachable(format!("email.smtp.caFile: {}: {error}", file.display()))
            };
            let pem = files::read(file, files::CERTIFICATES_BYTES_MAX);
            let pem = pem.map_err(|error| problem(&error))?;
            let certificate = Certificate::from_pem(&pem).map_err(|error| problem(&error))?;
            tls = tls.add_root_certificate(certificate);
        }
        tls.build_rustls().map_err(|error| Failure::Unreachable(error.to_string()))
    }
}

/// Classifies an error of the mail server.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let mut reason = error.to_string();
    if let Some(cause) = std::error::Error::source(error) {
        let cause = cause.to_string();
        if !reason.contains(&cause) {
            reason = format!("{reason}: {cause}");
        }
    }
    match error.status().map(u16::from) {
        Some(code) if NOT_ABOUT_THE_MESSAGE.contains(&code) => Failure::Unreachable(reason),
        Some(_) if error.is_permanent() => Failure::Refused(reason),
        Some(_) => Failure::Later(reason),
        None => Failure::Unreachable(reason),
    }
}
