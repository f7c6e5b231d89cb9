//! `username`: sign-in with a username instead of an email address. Names are stored in lower case,
//! with the original spelling in another column; see `docs/configuration.md` for the options.

mod codes;
mod endpoints;
mod rules;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use crate::api::sessions;
use crate::config::AdditionalField;
use crate::config::AdditionalFields;
use crate::config::ConfigError;
use crate::config::FieldType;
use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Context;
use crate::http::Endpoint;
use crate::http::endpoint::Effect;
use crate::http::hooks::Before;
use crate::http::hooks::Paths;
use crate::http::refusals::Refusal;
use crate::instance::Hooks;
use crate::instance::Instance;
use crate::plugin::Entry;
use crate::plugin::Plugin;
use crate::plugin::UserOption;
use crate::plugin::options;
use crate::plugin::options::FieldNames;

const ID: &str = "username";
const USERNAME: &str = "username";
const DISPLAY: &str = "displayUsername";

pub(super) const ENTRY: Entry = Entry::new::<Options>(ID, |given| {
    let options: Options = options::options(ID, given)?;
    options.check()?;
    Ok(Box::new(Username { options }))
})
.on_the_command_line(
    &[],
    &[UserOption { field: USERNAME, value_name: "NAME", help: "Username for signing in" }],
    &[],
);

/// Sign-in with a username.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// Minimum length of a username.
    min_username_length: usize,
    /// Maximum length of a username.
    max_username_length: usize,
    /// Whether usernames are stored in lower case; if not, `Ada` and `ada` are different.
    username_normalization: bool,
    /// Whether the original spelling is stored as well.
    display_username: bool,
    /// Whether a username cannot be changed.
    immutable_username: bool,
    /// When usernames are validated.
    validation_order: ValidationOrder,
    /// Other names of the columns.
    schema: Schema,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_username_length: 3,
            max_username_length: 30,
            username_normalization: true,
            display_username: true,
            immutable_username: false,
            validation_order: ValidationOrder::default(),
            schema: Schema::default(),
        }
    }
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
struct ValidationOrder {
    /// Whether a username is validated before or after it is normalized.
    username: When,
}

/// Before or after a username is converted to lower case.
#[derive(Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
enum When {
    #[default]
    #[serde(rename = "pre-normalization")]
    Before,
    #[serde(rename = "post-normalization")]
    After,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Schema {
    /// Columns of `user`.
    user: FieldNames,
}

impl Options {
    fn check(&self) -> Result<(), ConfigError> {
        if self.max_username_length < self.min_username_length {
            let problem = format!("shorter than minUsernameLength, {}", self.min_username_length);
            return Err(ConfigError::new("plugins.username.maxUsernameLength", problem));
        }
        self.schema.user.check("plugins.username.schema.user.fields", &[USERNAME, DISPLAY])
    }
}

struct Username {
    options: Options,
}

impl Username {
    /// The plugin of this instance.
    fn of(instance: &Instance) -> Result<&Self, AuthError> {
        instance.plugin().ok_or_else(|| options::is_off(ID))
    }
}

impl Plugin for Username {
    fn id(&self) -> &'static str {
        ID
    }

    fn user_fields(&self) -> AdditionalFields {
        let text = AdditionalField { required: false, ..AdditionalField::new(FieldType::Text) };
        let username = AdditionalField { unique: true, ..text.clone() };
        let mut fields = self.options.schema.user.named([(USERNAME, username), (DISPLAY, text)]);
        if !self.options.display_username {
            fields.shift_remove(DISPLAY);
        }
        fields
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        endpoints::ENDPOINTS.to_vec()
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            before_user_insert: Some(rules::complete),
            before_user_update: Some(rules::change),
            taken: &[(USERNAME, codes::TAKEN)],
            ..Hooks::default()
        }
    }

    fn refusals(&self) -> Vec<Refusal> {
        const NAME: &[&ErrorCode] = &[
            codes::TOO_SHORT.refused,
            codes::TOO_LONG.refused,
            codes::INVALID.refused,
            codes::TAKEN,
        ];
        vec![
            (Effect::MakesUser, NAME),
            (Effect::ChangesUser, NAME),
            (Effect::ChangesUser, &[codes::IMMUTABLE]),
        ]
    }

    fn before(&self) -> Vec<Before> {
        let sign_up = Before { paths: Paths::These(&["/sign-up/email"]), run: before_sign_up };
        let update = Before { paths: Paths::These(&["/update-user", "/user"]), run: before_update };
        vec![sign_up, update]
    }
}

/// The username is validated before the rest of the body, as in Better Auth; a display name alone
/// counts as a username, too.
fn before_sign_up(cx: &mut Context<'_>, body: &mut Option<Value>) -> Result<(), AuthError> {
    let username = Username::of(cx.instance())?;
    let Some(body) = body.as_mut().and_then(Value::as_object_mut) else {
        return Ok(());
    };
    if !body.contains_key(USERNAME)
        && let Some(display) = body.get(DISPLAY).and_then(Value::as_str)
        && username.problem(display).is_none()
    {
        let display = display.to_owned();
        body.insert(USERNAME.to_owned(), display.into());
    }
    match body.get(USERNAME).and_then(Value::as_str).and_then(|name| username.problem(name)) {
        Some(problem) => Err(problem.refused.into()),
        None => Ok(()),
    }
}

fn before_update(cx: &mut Context<'_>, body: &mut Option<Value>) -> Result<(), AuthError> {
    let username = Username::of(cx.instance())?;
    let Some(given) = body.as_ref().and_then(|body| body.get(USERNAME)) else {
        return Ok(());
    };
    let name = given.as_str();
    if let Some(problem) = name.and_then(|name| username.problem(name)) {
        return Err(problem.refused.into());
    }
    if !username.options.immutable_username {
        return Ok(());
    }
    let Some(token) = cx.session_token()? else { return Ok(()) };
    let found = sessions::peek(cx.instance(), &token)?;
    let known =
        found.and_then(|(found, _)| found.user.additional.text(USERNAME).map(str::to_owned));
    // Removing a name is a change.
    let name = name.map(|name| username.normalised(name));
    if known.is_some_and(|known| !known.is_empty() && Some(known) != name) {
        return Err(codes::IMMUTABLE.into());
    }
    Ok(())
}
