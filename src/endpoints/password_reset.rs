//! `/request-password-reset`, `/reset-password` and its link; also `/forget-password`, a name of
//! the first in the reference [contract 8.10, 14].

use url::Url;

use crate::api::password_reset;
use crate::endpoints::pages;
use crate::endpoints::pages::Page;
use crate::error::AuthError;
use crate::error::codes;
use crate::http::Answer;
use crate::http::Body;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::Form;
use crate::http::Member;
use crate::http::Reply;
use crate::http::endpoint::Effect;
use crate::http::reply::Done;

const REQUEST: Body = Body::object(&[
    Member::required("email", Form::Email),
    Member::optional("redirectTo", Form::Text),
]);
const RESET: Body = Body::object(&[
    Member::required("newPassword", Form::Text),
    Member::optional("token", Form::Text),
]);
const FORM: Body = Body::object(&[
    Member::required("newPassword", Form::Text),
    Member::required("again", Form::Text),
]);

const REQUESTED: Form = Form::Object(&[
    Member::required("status", Form::Always(true)),
    Member::required("message", Form::Text),
]);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/request-password-reset", request)
        .summary("Send a password reset link, if a user with this address exists")
        .body(REQUEST)
        .answers(&[Answer::json(&REQUESTED)])
        .errors(&[codes::RESET_PASSWORD_DISABLED, codes::RATE_LIMIT_EXCEEDED]),
    Endpoint::post("/forget-password", request)
        .summary("Send a password reset link, if a user with this address exists")
        .body(REQUEST)
        .answers(&[Answer::json(&REQUESTED)])
        .errors(&[codes::RESET_PASSWORD_DISABLED, codes::RATE_LIMIT_EXCEEDED]),
    Endpoint::get("/reset-password/:token", open_link)
        .summary("The password reset link: redirects with the token, or shows a form")
        .query(&[Member::required("callbackURL", Form::Text)])
        .answers(&[
            Answer::page().when("if the link has no redirect URL"),
            Answer::redirect().when("to the redirect URL, or to the error page"),
        ]),
    Endpoint::post("/reset-password/:token", send_form)
        .summary("The form of a password reset link without a redirect URL")
        .body(FORM)
        .takes_forms()
        .answers(&[
            Answer::page(),
            Answer::redirect().when("to the error page, with an invalid token"),
            Answer::page().status(422).when("with an invalid password: the form again"),
        ]),
    Endpoint::post("/reset-password", reset)
        .summary("Set a new password with the token of a password reset link")
        .query(&[Member::optional("token", Form::Text)])
        .body(RESET)
        .answers(&[Answer::json(&Form::STATUS)])
        .effects(&[Effect::SetsPassword])
        .errors(&[codes::INVALID_TOKEN, codes::USER_NOT_FOUND]),
];

/// The response is the same whether the user exists or not.
fn request(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let email = cx.input.text("email").unwrap_or_default();
    password_reset::request(cx.instance(), email, &cx.link("redirectTo"))?;
    Reply::json(
        &Done::STATUS
            .and_message("If this email exists in our system, check your email for the reset link"),
    )
}

/// Does not use the token: mail scanners open links before users do.
fn open_link(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.parameter("token");
    let is_valid = password_reset::is_valid(cx.instance(), token)?;
    let callback = cx.query("callbackURL").unwrap_or_default();
    if callback.is_empty() {
        return if is_valid {
            pages::reset_form(cx, None)
        } else {
            pages::to_error_page(cx, codes::INVALID_TOKEN.name)
        };
    }
    let parameter = if is_valid { ("token", token) } else { ("error", codes::INVALID_TOKEN.name) };
    Reply::redirect(&with_parameter(&cx.base_url(), &callback, parameter)?)
}

/// The full URL with a parameter set as JavaScript's `URLSearchParams.set` does.
fn with_parameter(
    base: &str,
    place: &str,
    (name, value): (&str, &str),
) -> Result<String, AuthError> {
    let mut url =
        Url::parse(base).and_then(|base| base.join(place)).map_err(AuthError::internal)?;
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let first = pairs.iter().position(|(found, _)| found == name);
    let mut at = 0..;
    pairs.retain(|(found, _)| at.next() == first || found != name);
    match first.and_then(|first| pairs.get_mut(first)) {
        Some((_, old)) => value.clone_into(old),
        None => pairs.push((name.to_owned(), value.to_owned())),
    }
    url.query_pairs_mut().clear().extend_pairs(pairs);
    Ok(url.into())
}

fn reset(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let in_query = cx.query("token");
    let in_body = cx.input.text("token").filter(|token| !token.is_empty());
    let token = in_body.or(in_query.as_deref()).unwrap_or_default();
    let password = cx.input.secret("newPassword").unwrap_or_default();
    password_reset::reset(cx.instance(), token, &password, &cx.caller())?;
    Reply::json(&Done::STATUS)
}

fn send_form(cx: &mut Context<'_>) -> Result<Reply, AuthError> {
    let token = cx.parameter("token");
    let password = cx.input.secret("newPassword").unwrap_or_default();
    let again = cx.input.secret("again").unwrap_or_default();
    let result = if password == again {
        password_reset::reset(cx.instance(), token, &password, &cx.caller())
    } else {
        Err(AuthError::new(codes::VALIDATION_ERROR).with_message("The passwords do not match."))
    };
    match result {
        Ok(()) => pages::show(
            cx,
            &Page::Done {
                title: "Password changed",
                text: "You can now sign in with the new password.",
                place: Some("/"),
            },
        ),
        Err(error) if error.is(codes::INVALID_TOKEN) || error.is(codes::USER_NOT_FOUND) => {
            pages::to_error_page(cx, codes::INVALID_TOKEN.name)
        }
        Err(error) if error.code().status < 500 => pages::reset_form(cx, Some(&error)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_becomes_a_whole_url_with_one_parameter_more() {
        for (place, expected) in [
            ("/rp?x=1", "http://h/rp?x=1&token=t"),
            ("/rp#f", "http://h/rp?token=t#f"),
            ("/rp?x&token=a&y=b%20c&token=d", "http://h/rp?x=&token=t&y=b+c"),
            ("https://a.b", "https://a.b/?token=t"),
            ("myapp://reset", "myapp://reset?token=t"),
        ] {
            let url = with_parameter("http://h/api/auth", place, ("token", "t")).unwrap();
            assert_eq!(url, expected, "{place}");
        }
    }
}
