//! The `webhook` transport against an application that takes messages.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use better_auth::Secret;
use better_auth::api::outbox::SendSummary;
use better_auth::config::Transport;
use better_auth::crypto::webhook;
use serde_json::Value;
use serde_json::json;

use crate::harness::Site;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// An application that answers each request with the next status, and keeps what it got.
struct Application {
    url: String,
    statuses: Arc<Mutex<Vec<u16>>>,
    got: Arc<Mutex<Vec<Got>>>,
}

struct Got {
    id: String,
    at: i64,
    signature: String,
    body: Vec<u8>,
}

impl Application {
    fn start() -> Self {
        let server =
            tiny_http::Server::from_listener(TcpListener::bind("127.0.0.1:0").unwrap(), None);
        let server = server.unwrap();
        let url = format!("http://{}/hooks/mail", server.server_addr());
        let (statuses, got) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (answers, keeps) = (Arc::clone(&statuses), Arc::clone(&got));
        thread::spawn(move || {
            for mut request in server.incoming_requests() {
                let header = |name: &'static str| {
                    let found = request.headers().iter().find(|header| header.field.equiv(name));
                    found.map(|header| header.value.to_string()).unwrap_or_default()
                };
                let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
                let signature = header("webhook-signature");
                let mut body = Vec::new();
                request.as_reader().read_to_end(&mut body).unwrap();
                keeps.lock().unwrap().push(Got { id, at: at.parse().unwrap(), signature, body });
                let status = answers.lock().unwrap().pop().unwrap_or(204);
                request.respond(tiny_http::Response::empty(status)).unwrap();
            }
        });
        Self { url, statuses, got }
    }

    fn site(&self) -> Site {
        let url = self.url.clone();
        let site = Site::with(|config| {
            config.email.transport = Some(Transport::Webhook);
            config.email.webhook.url = Some(url);
            config.email.webhook.secret = Some(Secret::new(SECRET));
        });
        site.sign_up("ada@example.com");
        site.post("/request-password-reset", &json!({"email": "ada@example.com"}));
        site
    }
}

#[test]
fn a_message_is_posted_as_signed_json() {
    let application = Application::start();
    let site = application.site();
    assert_eq!(site.auth.send_messages(&|| true).unwrap().sent, 1);
    let got = application.got.lock().unwrap();
    let [got] = got.as_slice() else { panic!("{} requests", got.len()) };
    let signature = webhook::sign(&Secret::new(SECRET), &got.id, got.at, &got.body).unwrap();
    assert_eq!(got.signature, signature);
    assert_eq!(got.at, site.clock.now().as_millis() / 1000);
    let event: Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!(event["id"], got.id.as_str());
    assert_eq!(event["kind"], "reset-password");
    assert_eq!(event["to"], "ada@example.com");
    let url = format!(
        "http://localhost:3000/api/auth/reset-password/{}?callbackURL=",
        event["token"].as_str().unwrap()
    );
    assert_eq!(event["url"], url);
    assert!(event["text"].as_str().unwrap().contains(&url));
    assert_eq!(event["user"]["email"], "ada@example.com");
}

#[test]
fn an_answer_says_whether_to_try_again() {
    for (status, expected) in [
        (422, SendSummary { given_up: 1, ..SendSummary::default() }),
        (429, SendSummary { later: 1, ..SendSummary::default() }),
    ] {
        let application = Application::start();
        application.statuses.lock().unwrap().push(status);
        let site = application.site();
        assert_eq!(site.auth.send_messages(&|| true).unwrap(), expected, "{status}");
    }
    for status in [301, 401, 404, 500] {
        let application = Application::start();
        application.statuses.lock().unwrap().push(status);
        let site = application.site();
        let sent = site.auth.send_messages(&|| true).unwrap();
        assert!(sent.unreachable.unwrap().contains(&status.to_string()));
        site.wait(std::time::Duration::from_secs(5));
        assert_eq!(site.auth.send_messages(&|| true).unwrap().sent, 1);
        let got = application.got.lock().unwrap();
        assert_eq!(got[0].id, got[1].id, "the same message has the same id");
    }
}
