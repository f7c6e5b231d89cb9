//! Errors of the client: a refused request, or no response.

use std::error::Error;
use std::fmt;

use serde::Deserialize;

use crate::error::shown;

/// A failed call.
#[derive(Debug)]
pub struct ClientError {
    message: String,
    code: Option<String>,
    status: Option<u16>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// The body of an error response.
#[derive(Default, Deserialize)]
struct Body {
    message: Option<String>,
    code: Option<String>,
}

impl ClientError {
    pub(super) fn refused(status: u16, body: &str) -> Self {
        let body: Body = serde_json::from_str(body).unwrap_or_default();
        let message = body.message.unwrap_or_else(|| format!("the server answered {status}"));
        Self { message, code: body.code, status: Some(status), cause: None }
    }

    pub(super) fn unsent(cause: impl Error + Send + Sync + 'static) -> Self {
        let message = "the server sent an invalid response".to_owned();
        Self { message, code: None, status: None, cause: Some(Box::new(cause)) }
    }

    pub(super) fn bad_address(address: &str) -> Self {
        let message = format!(
            "expected an address such as http://localhost:3000, got {}",
            shown::quoted(address)
        );
        Self { message, code: None, status: None, cause: None }
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The code, such as `INVALID_CREDENTIALS`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The HTTP status; `None` without a response.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
