//! `email`: how emails are sent, and which ones.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;

use crate::config::BaseUrl;
use crate::config::Config;
use crate::config::ConfigError;
use crate::config::seconds::Seconds;
use crate::config::secret;
use crate::crypto::Secret;
use crate::error::shown;

/// A shorter webhook secret could be guessed.
const WEBHOOK_SECRET_MIN: usize = 16;
/// The longest sensible timeout for a server that does not respond.
const TIMEOUT_MAX: u64 = 5 * 60;

/// The options of `email`.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EmailOptions {
    /// How emails are sent; by default they are written to the log if `baseURL` is unset or
    /// loopback, and otherwise none is sent.
    ///
    /// In that case, the log contains only the links for verifying an address and for setting a
    /// password.
    pub transport: Option<Transport>,
    /// The kinds of emails that are sent; all of them if a transport is set.
    pub senders: Option<Vec<String>>,
    /// The sender, such as `Example <no-reply@example.com>`.
    pub from: Option<String>,
    /// The address for replies.
    pub reply_to: Option<String>,
    /// The `smtp` transport.
    pub smtp: SmtpOptions,
    /// The `webhook` transport.
    pub webhook: WebhookOptions,
    /// The file that the `file` transport appends to, one JSON object per line; relative to the working directory.
    pub file: PathBuf,
    /// A folder with custom templates, such as `verification.txt` and `verification.html`.
    pub templates: Option<PathBuf>,
    /// Prefers templates with this in their name, such as `verification.de.txt` for `de`.
    pub locale: Option<String>,
}

impl Default for EmailOptions {
    fn default() -> Self {
        Self {
            transport: None,
            senders: None,
            from: None,
            reply_to: None,
            smtp: SmtpOptions::default(),
            webhook: WebhookOptions::default(),
            file: PathBuf::from("emails.jsonl"),
            templates: None,
            locale: None,
        }
    }
}

/// How emails are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// No emails are sent.
    None,
    /// Written to the log: for development.
    Log,
    /// Appended to a file: for tests, and for programs that send emails themselves.
    File,
    /// Sent through a mail server.
    Smtp,
    /// Posted to an application, which sends them.
    Webhook,
}

impl Transport {
    /// Whether emails are stored in the outbox until they are delivered.
    pub fn keeps_outbox(self) -> bool {
        matches!(self, Self::Smtp | Self::Webhook)
    }
}

/// `email.smtp`
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SmtpOptions {
    /// The host name of the mail server.
    pub host: Option<String>,
    /// The port; by default 587 for `starttls`, 465 for `tls`, 25 for `none`.
    pub port: Option<u16>,
    /// How the connection is encrypted; required, never only attempted.
    pub security: SmtpSecurity,
    /// The username for the mail server.
    pub username: Option<String>,
    /// The password. Better in `BETTER_AUTH_SMTP_PASSWORD`.
    #[serde(serialize_with = "secret::redacted")]
    pub password: Option<Secret>,
    /// A file with additional CA certificates (PEM).
    pub ca_file: Option<PathBuf>,
    /// The timeout for the mail server.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = TIMEOUT_MAX))]
    pub timeout: Duration,
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            security: SmtpSecurity::StartTls,
            username: None,
            password: None,
            ca_file: None,
            timeout: Duration::from_secs(30),
        }
    }
}

/// How the connection to the mail server is encrypted; required, never opportunistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// Starts unencrypted, and is encrypted before any command is sent [RFC 3207].
    StartTls,
    /// TLS from the first byte [RFC 8314].
    Tls,
    /// Unencrypted: for a mail server on this machine.
    None,
}

/// `email.webhook`
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct WebhookOptions {
    /// The URL to which emails are posted; only its host is shown.
    #[serde(serialize_with = "without_secrets")]
    #[schemars(with = "Option<Secret>")]
    pub url: Option<String>,
    /// Signs requests according to [Standard Webhooks]: `whsec_` and base64, or any text. Better in
    /// `BETTER_AUTH_WEBHOOK_SECRET`.
    ///
    /// [Standard Webhooks]: https://www.standardwebhooks.com
    #[serde(serialize_with = "secret::redacted")]
    pub secret: Option<Secret>,
    /// The timeout for the application.
    #[serde(with = "Seconds")]
    #[schemars(range(min = 1, max = TIMEOUT_MAX))]
    pub timeout: Duration,
}

#[expect(clippy::ref_option, reason = "the signature that serde requires")]
fn without_secrets<S: Serializer>(url: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
    url.as_deref().map(shown::server).serialize(to)
}

impl Default for WebhookOptions {
    fn default() -> Self {
        Self { url: None, secret: None, timeout: Duration::from_secs(10) }
    }
}

impl Config {
    /// The effective transport, including the default.
    pub fn transport(&self) -> Transport {
        match self.email.transport {
            Some(transport) => transport,
            None if self.is_loopback() => Transport::Log,
            None => Transport::None,
        }
    }

    /// Whether emails of this kind are sent; with the default transport only if the kind
    /// `is_default`. A flow without its email behaves like Better Auth without that callback.
    pub fn sends(&self, kind: &str, is_default: bool) -> bool {
        match (&self.email.senders, self.transport()) {
            (_, Transport::None) => false,
            (Some(senders), _) => senders.iter().any(|name| name == kind),
            (None, _) => self.email.transport.is_some() || is_default,
        }
    }

    pub(super) fn check_email(&self) -> Result<(), ConfigError> {
        let email = &self.email;
        for (key, address) in [("from", &email.from), ("replyTo", &email.reply_to)] {
            if let Some(address) = address
                && address.parse::<Mailbox>().is_err()
            {
                let problem =
                    format!("expected an address such as Example <a@example.com>, got {address:?}");
                return Err(ConfigError::new(&format!("email.{key}"), problem));
            }
        }
        let is_locale = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if let Some(locale) = &email.locale
            && (locale.is_empty() || !locale.bytes().all(is_locale))
        {
            let problem = format!("expected letters such as de or pt-BR, got {locale:?}");
            return Err(ConfigError::new("email.locale", problem));
        }
        match self.transport() {
            Transport::Smtp => self.check_smtp()?,
            Transport::Webhook => self.check_webhook()?,
            Transport::None | Transport::Log | Transport::File => return Ok(()),
        }
        if self.base_url.is_none() {
            let problem = "is needed with email.transport: links in emails must not lead to \
                           whatever host a request names";
            return Err(ConfigError::new("baseURL", problem));
        }
        Ok(())
    }

    fn check_smtp(&self) -> Result<(), ConfigError> {
        let smtp = &self.email.smtp;
        let Some(host) = smtp.host.as_deref().filter(|host| !host.is_empty()) else {
            return Err(ConfigError::new("email.smtp.host", "is needed by the smtp transport"));
        };
        if self.email.from.is_none() {
            return Err(ConfigError::new("email.from", "is needed by the smtp transport"));
        }
        if smtp.username.is_some() != smtp.password.is_some() {
            let problem = "goes together with email.smtp.password (or BETTER_AUTH_SMTP_PASSWORD)";
            return Err(ConfigError::new("email.smtp.username", problem));
        }
        let is_clear = smtp.security == SmtpSecurity::None;
        if is_clear && smtp.username.is_some() && !is_this_machine(host) {
            let problem = "none would send the password unencrypted; use starttls or tls";
            return Err(ConfigError::new("email.smtp.security", problem));
        }
        Ok(())
    }

    fn check_webhook(&self) -> Result<(), ConfigError> {
        let webhook = &self.email.webhook;
        let url = webhook.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        let is_http = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let Some(url) = url.filter(is_http) else {
            let problem = "the webhook transport needs a URL such as https://example.com/hooks";
            return Err(ConfigError::new("email.webhook.url", problem));
        };
        if url.scheme() == "http" && !url.host_str().is_some_and(is_this_machine) {
            let problem = "emails contain secrets: use https, or a host on this machine";
            return Err(ConfigError::new("email.webhook.url", problem));
        }
        let length = webhook.secret.as_ref().map_or(0, |secret| secret.expose().len());
        if length < WEBHOOK_SECRET_MIN {
            let problem = format!(
                "the webhook transport needs one of at least {WEBHOOK_SECRET_MIN} characters (or \
                 BETTER_AUTH_WEBHOOK_SECRET); `better-auth secret generate` generates one"
            );
            return Err(ConfigError::new("email.webhook.secret", problem));
        }
        Ok(())
    }

    pub(super) fn email_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.email.transport == Some(Transport::File) && self.base_url.is_none() {
            let problem = "links in emails use the host of each request";
            warnings.push(format!("baseURL: not set, so {problem}"));
        }
        if self.email.transport == Some(Transport::Log) && !self.is_loopback() {
            let problem = "readers of the log can use the links in it";
            warnings.push(format!("email.transport: log is for development: {problem}"));
        }
        let requires = self.email_and_password.require_email_verification;
        if requires && !self.sends("verification", true) {
            let problem = "users cannot sign in before an administrator verifies them, because no \
                           message is sent (email.transport)";
            warnings.push(format!("emailAndPassword.requireEmailVerification: {problem}"));
        }
        warnings
    }

    /// Whether this deployment is for this machine only, according to the configuration.
    fn is_loopback(&self) -> bool {
        self.base_url.is_none()
            || self
                .base_url
                .as_ref()
                .and_then(BaseUrl::fixed)
                .is_some_and(|url| url.host_str().is_some_and(is_this_machine))
    }
}

/// Whether a host name or address is loopback, which other machines cannot reach.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = (&'static str, fn(&mut Config));

    fn smtp() -> Config {
        let mut config = Config::default();
        config.base_url = Some("https://auth.example.com".into());
        config.email.transport = Some(Transport::Smtp);
        config.email.from = Some("Example <no-reply@example.com>".to_owned());
        config.email.smtp.host = Some("mail.example.com".to_owned());
        config
    }

    fn problem(config: &Config) -> String {
        config.check().err().map(|error| error.path).unwrap_or_default()
    }

    #[test]
    fn a_transport_has_what_it_needs_or_is_refused() {
        assert_eq!(problem(&smtp()), "");
        let changes: [Change; 8] = [
            ("emailVerification.expiresIn", |config| {
                config.email_verification.expires_in = Duration::ZERO;
            }),
            ("baseURL", |config| config.base_url = None),
            ("email.from", |config| config.email.from = None),
            ("email.from", |config| config.email.from = Some("a\r\nBcc: b@c.de".to_owned())),
            ("email.smtp.host", |config| config.email.smtp.host = None),
            ("email.smtp.username", |config| config.email.smtp.username = Some("a".to_owned())),
            ("email.smtp.timeout", |config| config.email.smtp.timeout = Duration::ZERO),
            ("email.smtp.security", |config| {
                config.email.smtp.username = Some("a".to_owned());
                config.email.smtp.password = Some(Secret::new("b"));
                config.email.smtp.security = SmtpSecurity::None;
            }),
        ];
        for (path, change) in changes {
            let mut config = smtp();
            change(&mut config);
            assert_eq!(problem(&config), path);
        }
        let mut config = smtp();
        config.email.transport = Some(Transport::Webhook);
        assert_eq!(problem(&config), "email.webhook.url");
        config.email.webhook.url = Some("http://example.com/hook".to_owned());
        assert_eq!(problem(&config), "email.webhook.url");
        config.email.webhook.url = Some("http://127.0.0.1:1/hook".to_owned());
        assert_eq!(problem(&config), "email.webhook.secret");
        config.email.webhook.secret = Some(Secret::new("0123456789abcdef"));
        assert_eq!(problem(&config), "");
    }

    #[test]
    fn where_nothing_is_said_only_this_machine_logs_links() {
        let mut config = Config::default();
        assert_eq!(config.transport(), Transport::Log);
        assert!(config.sends("reset-password", true) && !config.sends("delete-account", false));
        for (url, transport) in [
            ("http://localhost:3000", Transport::Log),
            ("http://[::1]:3000", Transport::Log),
            ("https://auth.example.com", Transport::None),
            ("https://localhost.example.com", Transport::None),
        ] {
            config.base_url = Some(url.into());
            assert_eq!(config.transport(), transport, "{url}");
        }
        assert!(!config.sends("verification", true));
        config.email.transport = Some(Transport::File);
        assert!(config.sends("verification", true) && config.sends("delete-account", false));
        config.email.senders = Some(vec!["reset-password".to_owned()]);
        assert!(config.sends("reset-password", true) && !config.sends("verification", true));
    }
}
