//! `AuthClient`: the Rust counterpart of `createAuthClient`, for programs that talk to a server.
//!
//! ```no_run
//! use better_auth::Secret;
//! use better_auth::client::AuthClient;
//! use better_auth::client::SignUpEmail;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = AuthClient::new("http://localhost:3000")?;
//! let password = Secret::new("correct horse battery");
//! client.sign_up().email(&SignUpEmail::new("Ada", "ada@example.com", password.clone()))?;
//! if let Some(found) = client.get_session()? {
//!     assert_eq!(found.user.email, "ada@example.com");
//! }
//! client.sign_out()?;
//!
//! let refused = client.sign_in().email("ada@example.com", &Secret::new("wrong")).unwrap_err();
//! assert_eq!(refused.status(), Some(401));
//! # Ok(())
//! # }
//! ```

mod cookies;
mod error;
mod mail;

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use http::Method;
use http::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::crypto::Secret;
use crate::models::Account;
use crate::models::Session;
use crate::models::SessionWithUser;
use crate::models::User;

pub use error::ClientError;

use cookies::Jar;

/// The base path if the address has no path.
const BASE_PATH: &str = "/api/auth";
/// The timeout of a whole request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client with its own session: stores the cookies and sends them back. Blocking.
pub struct AuthClient {
    base: String,
    origin: String,
    agent: ureq::Agent,
    jar: Mutex<Jar>,
}

/// A new user.
pub struct SignUpEmail {
    /// Display name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the session is kept when the browser closes.
    pub remember_me: bool,
    /// Values of the server's `user.additionalFields` by name.
    pub additional: Map<String, Value>,
}

impl SignUpEmail {
    /// A user with a name, an address and a password, with `remember_me` set.
    pub fn new(name: impl Into<String>, email: impl Into<String>, password: Secret) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            password,
            image: None,
            remember_me: true,
            additional: Map::new(),
        }
    }
}

/// The response to a sign-up or sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignedIn {
    /// The session's token; `None` if the address must be verified first.
    pub token: Option<String>,
    /// The user.
    pub user: User,
}

/// Changes of the current user; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct UpdateUser {
    /// Display name.
    pub name: Option<String>,
    /// URL of a picture; `Some(None)` removes it.
    pub image: Option<Option<String>>,
    /// Values of the server's `user.additionalFields` by name.
    pub additional: Map<String, Value>,
}

/// The start of a sign-in with a provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SocialRedirect {
    /// The provider's authorization URL; the corresponding state is in the cookies.
    pub url: String,
    /// Whether a browser should redirect immediately.
    pub redirect: bool,
}

impl AuthClient {
    /// A client of the server at this address; `/api/auth` is added if it has no path.
    ///
    /// # Errors
    /// [`ClientError`] for an address that is not `http` or `https`.
    pub fn new(address: &str) -> Result<Self, ClientError> {
        let url = Url::parse(address).ok().filter(Url::has_host);
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| ClientError::bad_address(address))?;
        let path = url.path().trim_end_matches('/');
        let origin = url.origin().ascii_serialization();
        let base = format!("{origin}{}", if path.is_empty() { BASE_PATH } else { path });
        let config = ureq::config::Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .allow_non_standard_methods(true)
            .build();
        Ok(Self { base, origin, agent: config.into(), jar: Mutex::default() })
    }

    /// Methods to sign up.
    pub fn sign_up(&self) -> SignUp<'_> {
        SignUp(self)
    }

    /// Methods to sign in.
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn(self)
    }

    /// The current session, if there is one.
    ///
    /// # Errors
    /// The errors of the server, or a [`ClientError`] without a status if there is no response;
    /// this applies to every call.
    pub fn get_session(&self) -> Result<Option<SessionWithUser>, ClientError> {
        self.get("/get-session")
    }

    /// Signs out.
    pub fn sign_out(&self) -> Result<(), ClientError> {
        self.post("/sign-out", &json!({}))
    }

    /// Updates the current user.
    pub fn update_user(&self, changes: &UpdateUser) -> Result<(), ClientError> {
        let mut body = changes.additional.clone();
        if let Some(name) = &changes.name {
            body.insert("name".to_owned(), name.as_str().into());
        }
        if let Some(image) = &changes.image {
            body.insert("image".to_owned(), image.as_deref().into());
        }
        self.post("/update-user", &body.into())
    }

    /// Sets fields of the server's `session.additionalFields` and returns the new session.
    pub fn update_session(&self, fields: &Map<String, Value>) -> Result<Session, ClientError> {
        #[derive(Deserialize)]
        struct Updated {
            session: Session,
        }
        let updated: Updated = self.post_for("/update-session", &fields.clone().into())?;
        Ok(updated.session)
    }

    /// Changes the password of the current user; `revoke_others` revokes all other sessions.
    pub fn change_password(
        &self,
        current: &Secret,
        new: &Secret,
        revoke_others: bool,
    ) -> Result<SignedIn, ClientError> {
        let body = json!({
            "currentPassword": current.expose(),
            "newPassword": new.expose(),
            "revokeOtherSessions": revoke_others,
        });
        self.post_for("/change-password", &body)
    }

    /// The active sessions of the current user.
    pub fn list_sessions(&self) -> Result<Vec<Session>, ClientError> {
        self.get("/list-sessions")
    }

    /// Revokes a session of the current user by token or id.
    pub fn revoke_session(&self, token: &str) -> Result<(), ClientError> {
        self.post("/revoke-session", &json!({ "token": token }))
    }

    /// Revokes all other sessions of the current user.
    pub fn revoke_other_sessions(&self) -> Result<(), ClientError> {
        self.post("/revoke-other-sessions", &json!({}))
    }

    /// Revokes all sessions of the current user.
    pub fn revoke_sessions(&self) -> Result<(), ClientError> {
        self.post("/revoke-sessions", &json!({}))
    }

    /// The linked accounts of the current user.
    pub fn list_accounts(&self) -> Result<Vec<Account>, ClientError> {
        self.get("/list-accounts")
    }

    /// Deletes the current user; the password is required unless the session is fresh. A server
    /// with email deletion confirmation sends a link first.
    pub fn delete_user(&self, password: Option<&Secret>) -> Result<(), ClientError> {
        let password = password.map(|password| json!({ "password": password.expose() }));
        self.post("/delete-user", &password.unwrap_or_else(|| json!({})))
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.call(Method::GET, path, None)
    }

    fn post(&self, path: &str, body: &Value) -> Result<(), ClientError> {
        self.post_for::<serde::de::IgnoredAny>(path, body).map(drop)
    }

    fn post_for<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ClientError> {
        self.call(Method::POST, path, Some(body))
    }

    fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<T, ClientError> {
        // The server checks the origin of requests with cookies; this client sends the server's
        // own.
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("origin", &self.origin);
        if let Some(cookies) = self.jar().header() {
            request = request.header("cookie", cookies);
        }
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body.to_string()).map_err(ClientError::unsent)?)
            }
            None => self.agent.run(request.body(()).map_err(ClientError::unsent)?),
        };
        let mut answer = answer.map_err(ClientError::unsent)?;
        self.jar().keep(answer.headers());
        let text = answer.body_mut().read_to_string().map_err(ClientError::unsent)?;
        if answer.status().is_success() {
            serde_json::from_str(&text).map_err(ClientError::unsent)
        } else {
            Err(ClientError::refused(answer.status().as_u16(), &text))
        }
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Methods to sign up.
pub struct SignUp<'a>(&'a AuthClient);

impl SignUp<'_> {
    /// With a password.
    pub fn email(&self, new: &SignUpEmail) -> Result<SignedIn, ClientError> {
        let mut body = new.additional.clone();
        body.insert("name".to_owned(), new.name.as_str().into());
        body.insert("email".to_owned(), new.email.as_str().into());
        body.insert("password".to_owned(), new.password.expose().into());
        body.insert("rememberMe".to_owned(), new.remember_me.into());
        if let Some(image) = &new.image {
            body.insert("image".to_owned(), image.as_str().into());
        }
        self.0.post_for("/sign-up/email", &body.into())
    }
}

/// Methods to sign in.
pub struct SignIn<'a>(&'a AuthClient);

impl SignIn<'_> {
    /// With a password.
    pub fn email(&self, email: &str, password: &Secret) -> Result<SignedIn, ClientError> {
        let body = json!({ "email": email, "password": password.expose() });
        self.0.post_for("/sign-in/email", &body)
    }

    /// With a provider such as `google`: returns the URL to which to send the user. Afterwards the
    /// server redirects to `callback_url`.
    pub fn social(
        &self,
        provider: &str,
        callback_url: &str,
    ) -> Result<SocialRedirect, ClientError> {
        let body = json!({ "provider": provider, "callbackURL": callback_url });
        self.0.post_for("/sign-in/social", &body)
    }
}
