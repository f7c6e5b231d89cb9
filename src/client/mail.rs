//! What goes by mail: verifying, a new password, a new address, deletion.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::client::AuthClient;
use crate::client::ClientError;
use crate::crypto::Secret;
use crate::models::User;

impl AuthClient {
    /// Asks for a link to a new password; whether there is such a user is not told. `redirect_to` is
    /// the page that takes the token; without one the link shows a form of the server.
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

    /// Sets a new password with the token of a link.
    pub fn reset_password(&self, token: &str, new: &Secret) -> Result<(), ClientError> {
        self.post("/reset-password", &json!({ "token": token, "newPassword": new.expose() }))
    }

    /// Asks for a link that verifies an address; without a session whether that is needed is not told.
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

    /// Does what a link is for that verifies or changes an address; answers the user if that changed it.
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

    /// Asks for another address; it changes once the links are opened that are sent then.
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

    /// Deletes the current user with the token of the link that [`AuthClient::delete_user`] had sent.
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
