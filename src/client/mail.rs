//! Flows by email: verification, password reset, change of address, deletion.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::client::AuthClient;
use crate::client::ClientError;
use crate::crypto::Secret;
use crate::models::User;

impl AuthClient {
    /// Requests a password reset link; the response does not tell whether the user exists.
    /// `redirect_to` is the page that receives the token; without one, the link shows a form of the
    /// server.
    pub fn request_password_reset(
        &self,
        email: &str,
        redirect_to: Option<&str>,
    ) -> Result<(), ClientError> {
        self.post(
            "/request-password-reset",
            &with_place(json!({"email": email}), "redirectTo", redirect_to),
        )
    }

    /// Sets a new password with the token of a password reset link.
    pub fn reset_password(&self, token: &str, new: &Secret) -> Result<(), ClientError> {
        self.post("/reset-password", &json!({ "token": token, "newPassword": new.expose() }))
    }

    /// Requests a verification link; without a session, the response does not tell whether the user
    /// exists.
    pub fn send_verification_email(
        &self,
        email: &str,
        callback_url: Option<&str>,
    ) -> Result<(), ClientError> {
        self.post(
            "/send-verification-email",
            &with_place(json!({"email": email}), "callbackURL", callback_url),
        )
    }

    /// Verifies or changes an address with the token of a link; returns the user after a change.
    pub fn verify_email(&self, token: &str) -> Result<Option<User>, ClientError> {
        #[derive(Deserialize)]
        struct Verified {
            #[serde(default)]
            user: Option<User>,
        }
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .finish();
        let verified: Verified = self.get(&format!("/verify-email?{query}"))?;
        Ok(verified.user)
    }

    /// Requests a change of address; it takes effect once the links in the emails are opened.
    pub fn change_email(
        &self,
        new_email: &str,
        callback_url: Option<&str>,
    ) -> Result<(), ClientError> {
        self.post(
            "/change-email",
            &with_place(json!({"newEmail": new_email}), "callbackURL", callback_url),
        )
    }

    /// Deletes the current user with the token of a link, requested with
    /// [`AuthClient::delete_user`].
    pub fn delete_user_with_token(&self, token: &str) -> Result<(), ClientError> {
        self.post("/delete-user", &json!({ "token": token }))
    }
}

fn with_place(mut body: Value, name: &str, place: Option<&str>) -> Value {
    if let (Some(body), Some(place)) = (body.as_object_mut(), place) {
        body.insert(name.to_owned(), place.into());
    }
    body
}
