//! Text and HTML of emails, from built-in templates or a folder of the deployment.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::OnceLock;

use minijinja::Environment;
use minijinja::UndefinedBehavior;
use minijinja::value::Serde;
use serde::Serialize;

use crate::config::Config;
use crate::email::Failure;
use crate::email::MailKind;
use crate::email::Message;
use crate::files;
use crate::models::User;

/// The layout of the built-in HTML templates.
const LAYOUT: &str = include_str!("templates/layout.html");
/// The prefix of the subject in the first line of a text template.
const SUBJECT: &str = "Subject: ";

/// A rendered message.
pub(super) struct Rendered {
    /// The subject, one line.
    pub(super) subject: String,
    /// The plain text.
    pub(super) text: String,
    /// The HTML.
    pub(super) html: String,
}

/// The values of a template.
#[derive(Serialize)]
struct TemplateContext<'a> {
    app_name: &'a str,
    to: &'a str,
    url: Option<&'a str>,
    token: Option<&'a str>,
    new_email: Option<&'a str>,
    code: Option<&'a str>,
    values: &'a BTreeMap<String, String>,
    user: Option<&'a User>,
    expires_in: String,
    expires_in_minutes: u64,
}

/// The templates of a deployment; loaded at the first use.
pub(super) struct Templates {
    kinds: Vec<&'static MailKind>,
    app_name: String,
    folder: Option<PathBuf>,
    locale: Option<String>,
    environment: OnceLock<Environment<'static>>,
}

impl Templates {
    pub(super) fn new(config: &Config, kinds: Vec<&'static MailKind>) -> Self {
        Self {
            kinds,
            app_name: config.app_name.clone(),
            folder: config.email.templates.clone(),
            locale: config.email.locale.clone(),
            environment: OnceLock::new(),
        }
    }

    /// Renders a message. Values are never interpreted as template code, they are escaped in HTML,
    /// and the subject is a single line.
    pub(super) fn render(&self, message: &Message) -> Result<Rendered, Failure> {
        let name = &message.kind;
        if !self.kinds.iter().any(|kind| kind.name == name) {
            // Another server may know it, or this one after a restart.
            let problem = format!("no enabled plugin sends emails of the kind {name}");
            return Err(Failure::Later(problem));
        }
        let (text_name, html_name) = (format!("{name}.txt"), format!("{name}.html"));
        let text = self.fill(&text_name, message)?;
        let Some((subject, text)) = split_subject(&text) else {
            let problem = format!("template {text_name}: the first line is not `{SUBJECT}…`");
            return Err(Failure::Later(problem));
        };
        Ok(Rendered { subject, text, html: self.fill(&html_name, message)? })
    }

    fn fill(&self, name: &str, message: &Message) -> Result<String, Failure> {
        let problem = |error: minijinja::Error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            Failure::Later(format!("template {name}: {error}{}", cause.unwrap_or_default()))
        };
        let template = self.environment()?.get_template(name).map_err(problem)?;
        let context = TemplateContext {
            app_name: &self.app_name,
            to: &message.to,
            url: message.url.as_deref(),
            token: message.token.as_deref(),
            new_email: message.new_email.as_deref(),
            code: message.code.as_deref(),
            values: &message.values,
            user: message.user.as_ref(),
            expires_in: span(message.lifetime),
            expires_in_minutes: message.lifetime / 60,
        };
        template.render(Serde(&context)).map_err(problem)
    }

    fn environment(&self) -> Result<&Environment<'static>, Failure> {
        if let Some(environment) = self.environment.get() {
            return Ok(environment);
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let layout = ("layout.html".to_owned(), LAYOUT);
        let of_kinds = self.kinds.iter().flat_map(|kind| {
            [(format!("{}.txt", kind.name), kind.text), (format!("{}.html", kind.name), kind.html)]
        });
        for (name, built_in) in [layout].into_iter().chain(of_kinds) {
            let text = self.own(&name)?.unwrap_or_else(|| built_in.to_owned());
            let problem = format!("template {name}");
            environment
                .add_template_owned(name, text)
                .map_err(|error| Failure::Later(format!("{problem}: {error}")))?;
        }
        Ok(self.environment.get_or_init(|| environment))
    }

    /// The deployment's template of this name: in its language, or else the general one.
    fn own(&self, name: &str) -> Result<Option<String>, Failure> {
        let (Some(folder), Some((stem, extension))) = (&self.folder, name.rsplit_once('.')) else {
            return Ok(None);
        };
        let localised = self.locale.iter().map(|locale| format!("{stem}.{locale}.{extension}"));
        for name in localised.chain([name.to_owned()]) {
            let path = folder.join(name);
            if path.exists() {
                return read(&path).map(Some);
            }
        }
        if folder.is_dir() {
            return Ok(None);
        }
        Err(Failure::Later(format!("email.templates: {} is not a folder", folder.display())))
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    files::read_text(path, files::TEXT_BYTES_MAX)
        .map_err(|error| Failure::Later(format!("cannot read {}: {error}", path.display())))
}

/// The subject as a single line, and the text after it.
fn split_subject(text: &str) -> Option<(String, String)> {
    let (first, rest) = text.split_once('\n')?;
    let subject = first.strip_prefix(SUBJECT)?.trim().replace(char::is_control, " ");
    Some((subject, format!("{}\n", rest.trim())))
}

/// A duration in English: `1 hour`, `45 minutes`, `7 days`.
fn span(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")];
    let whole = |(size, _): &(u64, &str)| 0 < seconds && seconds.is_multiple_of(*size);
    let (size, name) = units.into_iter().find(whole).unwrap_or((1, "second"));
    let count = seconds / size;
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::email::kinds;

    fn templates(change: impl FnOnce(&mut Config)) -> Templates {
        let mut config = Config::default();
        config.app_name = "Tea & Co".to_owned();
        change(&mut config);
        Templates::new(&config, kinds::ALL.to_vec())
    }

    #[test]
    fn every_message_has_a_subject_a_text_and_a_page_with_its_link() {
        let templates = templates(|_| {});
        for kind in kinds::ALL {
            let message = Message::sample(kind);
            let Rendered { subject, text, html } = templates.render(&message).unwrap();
            assert!(subject.contains("Tea & Co"), "{subject}");
            assert!(html.contains("Tea &amp; Co") && html.contains("</html>"), "{html}");
            let has_link = kind.name != kinds::EXISTING_USER_SIGN_UP.name;
            assert_eq!(text.contains("\nhttps://example.com/a-link\n"), has_link, "{text}");
            let link = r#"href="https:&#x2f;&#x2f;example.com&#x2f;a-link""#;
            assert_eq!(html.contains(link), has_link, "{html}");
            assert!(!html.contains("<img") && !html.contains("<script"), "{html}");
        }
    }

    #[test]
    fn nothing_that_a_stranger_chose_becomes_markup_a_template_or_a_header() {
        let folder = tempfile::tempdir().unwrap();
        let own = "Subject: {{ user.name }}\n\n{{ user.name }}";
        fs::write(folder.path().join("verification.txt"), own).unwrap();
        fs::write(folder.path().join("verification.html"), "<p>{{ user.name }}</p>").unwrap();
        let templates = templates(|config| {
            config.email.templates = Some(folder.path().to_owned());
        });
        let mut message = Message::sample(kinds::VERIFICATION);
        message.user.as_mut().unwrap().name = "a\r\u{85}{{ url }}<b>\r\nBcc: x@y.z".to_owned();
        let Rendered { subject, text, html } = templates.render(&message).unwrap();
        assert_eq!(subject, "a  {{ url }}<b>");
        assert!(!subject.contains(char::is_control), "{text}");
        assert!(html.contains("{{ url }}&lt;b&gt;"), "{html}");
    }

    #[test]
    fn built_in_words_repeat_nothing_that_a_stranger_chose() {
        let templates = templates(|_| {});
        for kind in kinds::ALL {
            let mut message = Message::sample(kind);
            message.user.as_mut().unwrap().name = "You won: visit spam.example".to_owned();
            let Rendered { subject, text, html } = templates.render(&message).unwrap();
            assert!(![subject, text, html].concat().contains("spam"), "{kind:?}");
        }
    }

    #[test]
    fn a_template_of_the_language_wins_and_a_bad_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("verification.txt", "Subject: hello\n\nhello");
        write("verification.de.txt", "Subject: hallo\n\n{{ expires_in_minutes }} Minuten");
        write("reset-password.txt", "Subject: x\n\n{{ nothing_like_that }}");
        write("delete-account.txt", "no subject\n");
        let own = |locale: Option<&str>| {
            templates(|config| {
                config.email.templates = Some(folder.path().to_owned());
                config.email.locale = locale.map(str::to_owned);
            })
        };
        let verification = Message::sample(kinds::VERIFICATION);
        let german = own(Some("de")).render(&verification).unwrap();
        assert_eq!((german.subject.as_str(), german.text.as_str()), ("hallo", "60 Minuten\n"));
        assert_eq!(own(Some("fr")).render(&verification).unwrap().subject, "hello");
        for kind in [kinds::RESET_PASSWORD, kinds::DELETE_ACCOUNT] {
            let failure = own(None).render(&Message::sample(kind)).err().unwrap();
            assert!(failure.to_string().contains(kind.name), "{failure}");
        }
    }

    #[test]
    fn spans_are_said_in_words() {
        for (seconds, words) in [
            (3600, "1 hour"),
            (86400, "1 day"),
            (604_800, "7 days"),
            (2700, "45 minutes"),
            (90, "90 seconds"),
            (0, "0 seconds"),
        ] {
            assert_eq!(span(seconds), words);
        }
    }
}
