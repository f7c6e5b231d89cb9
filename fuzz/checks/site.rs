//! A site to ask, and what must hold for every answer that a stranger can get out of it.

use std::cell::RefCell;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Response;
use better_auth::Secret;
use better_auth::config::BaseUrl;
use better_auth::config::Transport;
use better_auth::crypto::random;
use better_auth::database::Clock;
use better_auth::database::Timestamp;
use better_auth::plugins;
use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::Uri;
use http::header;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;
use url::Url;

/// The origin that a site is configured with.
pub const ORIGIN: &str = "http://localhost:3000";
/// Bob's and the administrator's. Nobody can guess Ada's.
const PASSWORD: &str = "correct horse battery";
/// Whom answers may lead to besides this server.
const TRUSTED: [&str; 2] = ["https://*.example.com", "myapp://"];
/// Where a provider asks people who they are.
const PROVIDER: &str = "https://github.com/login/oauth/authorize?";
/// What a hash of a password begins with.
const HASH: &str = "$argon2";

/// A site with three users: Ada, of whom a stranger must learn nothing, Bob, who may be signed in, and a boss.
pub struct Site {
    /// What is asked.
    pub auth: Arc<BetterAuth>,
    /// What signs, new for every site.
    secret: Secret,
    ada: Person,
    bob: RefCell<Person>,
    boss: RefCell<Person>,
    /// Holds the database and the messages.
    _folder: TempDir,
}

/// A user with a session.
#[derive(Default)]
struct Person {
    id: String,
    /// Nothing is ever looked up by it, so no fuzzer sees it compared and sends it itself.
    name: String,
    cookies: String,
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A stranger.
    Nobody,
    /// A user.
    Bob,
    /// A user who is an administrator.
    Boss,
    /// The one of whom nobody else must learn anything.
    Ada,
}

impl Site {
    /// A site whose configuration differs.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let secret = random::secret();
        let mut config = config(folder.path());
        config.secret = Some(secret.clone());
        change(&mut config);
        let clock = Clock::fixed(Timestamp::parse("2026-11-23T12:00:00.000Z").unwrap());
        let auth = Arc::new(BetterAuth::with_clock(config, clock).unwrap());
        auth.migrate().unwrap();
        let mut site = Self {
            auth,
            secret,
            ada: Person::default(),
            bob: RefCell::default(),
            boss: RefCell::default(),
            _folder: folder,
        };
        site.ada = site.sign_up("ada", random::secret().expose());
        site
    }

    /// Answers a request that came over the loopback, where the trusted proxies are.
    pub fn ask(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.auth.handle(request, Peer::at(IpAddr::V4(Ipv4Addr::LOCALHOST)))
    }

    /// The cookies of somebody who is signed in, whatever happened to them before.
    pub fn cookies(&self, who: Who) -> Option<String> {
        let (person, name) = match who {
            Who::Nobody => return None,
            Who::Ada => return Some(self.ada.cookies.clone()),
            Who::Bob => (&self.bob, "bob"),
            Who::Boss => (&self.boss, "boss"),
        };
        let is_alive = |person: &Person| {
            let cookies = HeaderValue::from_str(&person.cookies).unwrap();
            let session = self.session(who, &[cookies]);
            session["user"]["id"] == person.id
                && (who == Who::Bob) != (session["user"]["role"] == "admin")
        };
        if !is_alive(&person.borrow()) {
            // A name that no input can have taken.
            let name = format!("{name}-{}", random::id());
            *person.borrow_mut() = self.sign_up(&name, PASSWORD);
            if who == Who::Boss {
                let role = json!({"role": "admin"}).as_object().unwrap().clone();
                let changes = better_auth::UserChanges { additional: role, ..Default::default() };
                self.auth.api().update_user(&person.borrow().id, &changes).unwrap();
            }
            assert!(is_alive(&person.borrow()), "{name} is signed in");
        }
        Some(person.borrow().cookies.clone())
    }

    /// What `/get-session` answers somebody who sends these cookies.
    pub fn session(&self, who: Who, cookies: &[HeaderValue]) -> Value {
        let mut request = get("/api/auth/get-session").unwrap();
        let lines = cookies.iter().map(|line| (header::COOKIE, line.clone()));
        *request.headers_mut() = lines.collect();
        let answer = self.ask(request);
        self.check_for(who, &answer);
        serde_json::from_slice(answer.body()).unwrap()
    }

    fn sign_up(&self, name: &str, password: &str) -> Person {
        let email = format!("{name}@example.com");
        let name = format!("{name} {}", random::id());
        let body = json!({"name": name, "email": email, "password": password});
        let request = Request::post("/api/auth/sign-up/email")
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let answer = self.ask(request);
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let lines = answer.headers().get_all(header::SET_COOKIE).iter();
        let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
        Person {
            id: body["user"]["id"].as_str().unwrap().to_owned(),
            name,
            cookies: pairs.collect::<Vec<_>>().join("; "),
        }
    }

    /// What holds for every answer: no failure of ours, nothing secret, nothing of Ada's, cookies and places that
    /// are ours, and errors in the one form that they have.
    pub fn check(&self, answer: &Response<Bytes>) {
        self.check_for(Who::Nobody, answer);
    }

    /// The same for somebody who may know more: Ada and an administrator see Ada.
    pub fn check_for(&self, who: Who, answer: &Response<Bytes>) {
        let status = answer.status().as_u16();
        assert!((200..500).contains(&status), "{answer:?}");
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        if answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json")
            && !body.is_empty()
        {
            let body: Value = serde_json::from_str(&body).unwrap();
            assert!(status < 400 || body["status"] == status, "{answer:?}");
            assert!(status < 400 || body["code"].is_string() && body["message"].is_string());
        }
        let mut secrets = vec![HASH, self.secret.expose()];
        if matches!(who, Who::Nobody | Who::Bob) && !self.ada.name.is_empty() {
            secrets.push(&self.ada.name);
        }
        let whole = masked(&format!("{:?}{body}", answer.headers()));
        for secret in secrets.into_iter().map(masked) {
            assert!(!whole.windows(secret.len()).any(|part| part == secret), "{answer:?}");
        }
        self.check_headers(answer.headers());
    }

    fn check_headers(&self, headers: &HeaderMap) {
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        for line in headers.get_all(header::SET_COOKIE) {
            check_cookie(line.to_str().unwrap());
        }
        for place in headers.get_all(header::LOCATION) {
            let place = place.to_str().unwrap();
            assert!(self.is_trusted(place), "leads to {place}");
        }
        if let Some(origin) = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
            let url = Url::parse(origin.to_str().unwrap()).unwrap();
            let is_own = url.origin().ascii_serialization() == ORIGIN;
            assert!(is_own || self.is_elsewhere(&url), "{origin:?}");
        }
    }

    /// Whether a browser that follows this place from here stays where the configuration says.
    pub fn is_trusted(&self, place: &str) -> bool {
        let Ok(url) = Url::parse(ORIGIN).unwrap().join(place) else {
            return false;
        };
        let origin = url.origin().ascii_serialization();
        let is_ours = origin == ORIGIN || self.is_elsewhere(&url) || self.is_host(&url);
        is_ours || place.starts_with(PROVIDER)
    }

    /// Whether a place is one of `TRUSTED`, read in another way than by the rules themselves.
    fn is_elsewhere(&self, url: &Url) -> bool {
        let is_below = url.host_str().is_some_and(|host| host.ends_with(".example.com"));
        let is_named = url.scheme() == "https" && is_below && url.port().is_none();
        is_named || url.scheme() == "myapp" || self.is_host(url)
    }

    /// Whether it is a host that `baseURL.allowedHosts` lists.
    fn is_host(&self, url: &Url) -> bool {
        let has_several = matches!(self.auth.config().base_url, Some(BaseUrl::ByHost(_)));
        let is_below = url.host_str().is_some_and(|host| host.ends_with(".hosts.example"));
        has_several && matches!(url.scheme(), "http" | "https") && is_below && url.port().is_none()
    }
}

/// Every plugin, every flow, and nothing that asks another machine.
fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    config.base_url = Some(ORIGIN.into());
    config.database.url = format!("sqlite:{}", folder.join("site.db").display()).into();
    config.trusted_origins = TRUSTED.map(str::to_owned).into();
    config.advanced.ip_address.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.email.transport = Some(Transport::File);
    config.email.file = folder.join("emails.jsonl");
    config.user.change_email.enabled = true;
    config.user.delete_user.enabled = true;
    let github = json!({"clientId": "id", "clientSecret": "the secret of a client"});
    let github = serde_json::from_value(github).unwrap();
    config.social_providers.insert("github".to_owned(), github);
    config.plugins = plugins::ALL.iter().map(|entry| (entry.id.to_owned(), json!({}))).collect();
    // It needs a list, which says nothing of what is tried here.
    config.plugins.insert("have-i-been-pwned".to_owned(), json!({"enabled": false}));
    config
}

/// A text in another spelling: a fuzzer sees what is compared, and would send a secret back to be shown it.
fn masked(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte ^ 0x55).collect()
}

/// A cookie of ours by its name, with the attributes of the configuration and none that somebody slipped in.
fn check_cookie(line: &str) {
    let (pair, attributes) = line.split_once(';').unwrap();
    let (name, value) = pair.split_once('=').unwrap();
    let name = name.strip_prefix("__Secure-").unwrap_or(name);
    let name = name.strip_prefix("better-auth.").unwrap_or_else(|| panic!("not ours: {line}"));
    let (name, part) = name.split_once('.').unwrap_or((name, ""));
    let names = [
        "session_token",
        "session_data",
        "account_data",
        "dont_remember",
        "state",
        "oauth_state",
        "admin_session",
    ];
    assert!(names.contains(&name) && part.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
    assert!(
        value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)),
        "{line}"
    );
    let mut attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
    attributes.retain(|attribute| !attribute.starts_with("Max-Age="));
    assert_eq!(attributes, ["Path=/", "HttpOnly", "SameSite=Lax"], "{line}");
}

/// A request without a body, if its target is one that an engine passes on.
pub fn get(target: &str) -> Option<Request<Bytes>> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = origin_form(target.as_bytes())?;
    Some(request)
}

/// A target that begins at the root: engines refuse any other before it gets anywhere.
pub fn origin_form(target: &[u8]) -> Option<Uri> {
    let target = Uri::try_from(target).ok()?;
    (target.authority().is_none() && target.path().starts_with('/')).then_some(target)
}
