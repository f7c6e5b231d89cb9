//! A provider on this machine that says what a test wants it to.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::KeyPair as _;
use ring::signature::RSA_PKCS1_SHA256;
use ring::signature::RsaKeyPair;
use serde_json::Value;
use serde_json::json;

/// Answers by path: a status and JSON.
type Answers = BTreeMap<String, (u16, Value)>;

/// A request that it got: method and path with query, `Authorization`, all headers, the body.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) what: String,
    pub(crate) authorization: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A provider; it ends with the process.
pub(crate) struct Provider {
    pub(crate) url: String,
    answers: Arc<Mutex<Answers>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = tiny_http::Server::from_listener(listener, None).unwrap();
        let url = format!("http://{}", server.server_addr());
        let (answers, asked) = (Arc::new(Mutex::<Answers>::default()), Arc::<Mutex<_>>::default());
        let (says, keeps): (Arc<Mutex<Answers>>, Arc<Mutex<Vec<Asked>>>) =
            (Arc::clone(&answers), Arc::clone(&asked));
        thread::spawn(move || {
            for mut request in server.incoming_requests() {
                let mut body = String::new();
                request.as_reader().read_to_string(&mut body).unwrap();
                let header = |header: &tiny_http::Header| {
                    (header.field.to_string().to_ascii_lowercase(), header.value.to_string())
                };
                let headers: Vec<_> = request.headers().iter().map(header).collect();
                let authorization = headers.iter().find(|(name, _)| name == "authorization");
                let authorization = authorization.map(|(_, value)| value.clone());
                let what = format!("{} {}", request.method(), request.url());
                let path = request.url().split('?').next().unwrap().to_owned();
                let authorization = authorization.unwrap_or_default();
                keeps.lock().unwrap().push(Asked { what, authorization, headers, body });
                let (status, answer) =
                    says.lock().unwrap().get(&path).cloned().unwrap_or((404, json!({})));
                let json = "content-type: application/json".parse::<tiny_http::Header>().unwrap();
                let response = tiny_http::Response::from_string(answer.to_string());
                // Whoever asked may have gone.
                drop(request.respond(response.with_status_code(status).with_header(json)));
            }
        });
        Self { url, answers, asked }
    }

    pub(crate) fn says(&self, path: &str, status: u16, answer: Value) {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, answer));
    }

    /// Whether a test has told it what to say there.
    pub(crate) fn has_said(&self, path: &str) -> bool {
        self.answers.lock().unwrap().contains_key(path)
    }

    /// What it was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Asked {
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.headers.contains(&(name.to_owned(), value.to_owned()))
    }

    /// The fields of a form, in order.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// Signs claims as a provider does.
pub(crate) fn signed(claims: &Value) -> (Value, String) {
    let key = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/signing.der"));
    let key = RsaKeyPair::from_der(&key.unwrap()).unwrap();
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let public: ring::rsa::PublicKeyComponents<Vec<u8>> = key.public_key().into();
    let keys = json!({"keys": [{"kty": "RSA", "kid": "k", "n": encode(&public.n), "e": encode(&public.e)}]});
    let text = format!(
        "{}.{}",
        encode(br#"{"alg":"RS256","kid":"k"}"#),
        encode(claims.to_string().as_bytes())
    );
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    (keys, format!("{text}.{}", encode(&signature)))
}
