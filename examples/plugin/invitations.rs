//! The plugin: what it adds, and its rules.

use std::time::Duration;

use better_auth::AuthError;
use better_auth::ErrorCode;
use better_auth::Plugin;
use better_auth::api::attempts::AttemptLimit;
use better_auth::api::attempts::Attempts;
use better_auth::api::challenge;
use better_auth::api::entry;
use better_auth::api::messages;
use better_auth::api::one_time;
use better_auth::api::one_time::NewValue;
use better_auth::api::one_time::OneTime;
use better_auth::api::one_time::Purpose;
use better_auth::api::sessions::UnpublishedSession;
use better_auth::crypto::is_same;
use better_auth::crypto::random;
use better_auth::database::Tx;
use better_auth::email::MailKind;
use better_auth::email::Message;
use better_auth::http::Answer;
use better_auth::http::Endpoint;
use better_auth::http::endpoint::Effect;
use better_auth::instance::Caller;
use better_auth::instance::Event;
use better_auth::instance::EventKind;
use better_auth::instance::Hooks;
use better_auth::instance::Instance;
use better_auth::instance::hooks::Challenge;
use better_auth::instance::hooks::UserListFilter;
use better_auth::instance::proof::ClientValue;
use better_auth::instance::proof::Decision;
use better_auth::instance::proof::Entered;
use better_auth::instance::proof::Method;
use better_auth::instance::proof::Proof;
use better_auth::models::User;
use better_auth::operations::AnyOperation;
use better_auth::rows::Catalog;
use better_auth::rows::Condition;
use better_auth::schema::Table;
use serde_json::json;

use crate::endpoints;
use crate::model;
use crate::model::Invitation;
use crate::model::Sql;
use crate::operations;

/// The purpose of the codes that are sent to invited addresses.
const CODE: Purpose = Purpose::new("invitation-code-");
/// The purpose of the challenges of users who have not shown their code.
const PENDING: Purpose = Purpose::new("invitation-challenge-");
/// The cookie that keeps the challenge.
pub(crate) const COOKIE: &str = "invitation";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);

pub(crate) const WRONG_CODE: &ErrorCode =
    &ErrorCode::new("WRONG_INVITATION_CODE", 401, "Wrong code");
pub(crate) const NOT_PENDING: &ErrorCode =
    &ErrorCode::new("NO_INVITATION_PENDING", 401, "No invitation is to be confirmed");
pub(crate) const LOCKED: &ErrorCode =
    &ErrorCode::new("INVITATION_LOCKED", 429, "Too many wrong codes. Try again later");
const LIMIT: AttemptLimit =
    AttemptLimit { max: 5, window: DAY, lock: TEN_MINUTES, refusal: LOCKED };

const MAIL: &MailKind = &MailKind::new(
    "invitation",
    "Subject: {{ values.inviter }} invites you\n\nYour code is {{ code }}.\n",
    "{% extends 'layout.html' %}{% block body %}<p>Your code is <b>{{ code }}</b>.</p>{% endblock %}",
)
.by_default()
.with_sample(|message| message.with_code("123456".to_owned()).with_value("inviter", "Ada"));

const FILTERS: &[UserListFilter] = &[UserListFilter {
    name: "invited",
    value_name: None,
    help: "Only users who were invited",
    condition: |instance, _| {
        Ok(Condition::new(instance.tables(), "user", model::WAS_INVITED, Vec::new()))
    },
}];

pub(crate) struct Invitations;

impl Plugin for Invitations {
    fn id(&self) -> &'static str {
        "invitations"
    }

    fn tables(&self) -> Vec<Table> {
        vec![model::table()]
    }

    fn bind(&self, catalog: &mut Catalog) {
        catalog.add::<Sql>();
    }

    fn mail_kinds(&self) -> Vec<&'static MailKind> {
        vec![MAIL]
    }

    fn purposes(&self) -> Vec<Purpose> {
        vec![CODE]
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        endpoints::ENDPOINTS.to_vec()
    }

    fn operations(&self) -> &'static [&'static dyn AnyOperation] {
        operations::ALL
    }

    fn answers(&self) -> Vec<(Effect, Answer)> {
        vec![(Effect::BeginsSession, Answer::json(&endpoints::CHALLENGE))]
    }

    fn hooks(&self) -> Hooks {
        Hooks {
            challenge: Some(Challenge { purpose: PENDING, rule: ask_for_code }),
            on_event: Some(hear),
            user_filters: FILTERS,
            ..Hooks::default()
        }
    }
}

/// Invites an address: writes the row, issues the code and sends it, all in one transaction.
pub(crate) fn invite(
    instance: &Instance,
    caller: &Caller<'_>,
    inviter: &User,
    email: &str,
) -> Result<Invitation, AuthError> {
    let code = random::digits(6);
    messages::write(instance, |tx, outgoing| {
        caller.recheck(tx)?;
        let invitation = Invitation {
            id: random::id(),
            inviter_id: inviter.id.clone(),
            email: email.to_ascii_lowercase(),
            user_id: None,
            confirmed_at: None,
            created_at: tx.now(),
        };
        tx.statements::<Sql>()?.insert.run(tx, &invitation)?;
        let (token, expires_at) = (invitation.email.as_str(), tx.now().after(DAY));
        let new = NewValue { purpose: CODE, token, value: &code, expires_at, can_be_void: false };
        one_time::issue(tx, instance, &new)?;
        let message = Message::to_address(MAIL, token, DAY).with_code(code.clone());
        outgoing.send(tx, message.with_value("inviter", inviter.name.as_str()))?;
        Ok(invitation)
    })
}

/// Notes who signed up with an invited address, whoever created the user.
fn hear(tx: &mut Tx<'_>, _: &Instance, event: &Event<'_>) -> Result<(), AuthError> {
    if let EventKind::UserCreated(user) = event.kind {
        model::accept(tx, &user.id, &user.email)?;
    }
    Ok(())
}

/// An invited user shows the code once, before the first session begins.
fn ask_for_code(
    tx: &mut Tx<'_>,
    instance: &Instance,
    _: &Caller<'_>,
    proof: &Proof<'_>,
) -> Result<Option<Decision>, AuthError> {
    if model::open(tx, &proof.user.id)?.is_none() {
        return Ok(None);
    }
    let token = challenge::open(tx, instance, PENDING, &proof.user.id, TEN_MINUTES)?;
    let kept = ClientValue { name: COOKIE, value: Some((token, TEN_MINUTES)) };
    let answer = json!({ "invitationCodeRequired": true });
    Ok(Some(Decision { challenge: answer.as_object().cloned(), client_values: vec![kept] }))
}

/// Meets the challenge with this token: uses it and the code up, and begins the session.
pub(crate) fn confirm(
    instance: &Instance,
    caller: &Caller<'_>,
    (token, code): (&str, &str),
    remember: bool,
) -> Result<Entered<UnpublishedSession>, AuthError> {
    let mut pending = challenge::Challenge::new(instance, PENDING, token);
    let user = instance.database().read(|tx| pending.find(tx))?.ok_or(NOT_PENDING)?;
    let attempts = Attempts::new(instance, CODE, &user.id, LIMIT);
    let mut known = OneTime::new(instance, CODE, &user.email);
    let is_code = |known: Option<String>| {
        known.is_some_and(|known| is_same(known.as_bytes(), code.as_bytes()))
    };
    let entered = instance.database().write(|tx| {
        attempts.admit(tx)?;
        if !is_code(known.find(tx)?) || !is_code(known.consume(tx)?) {
            return Ok(None);
        }
        let user = pending.take(tx)?.ok_or(NOT_PENDING)?;
        attempts.forget(tx)?;
        model::confirm(tx, &user.id)?;
        let method = Method::OfPlugin("invitation");
        let proof = Proof { met: Some(PENDING), remember, ..Proof::new(&user, method) };
        entry::enter(tx, instance, caller, &proof).map(Some)
    })?;
    match entered {
        Some(mut entered) => {
            entered.client_values.push(ClientValue { name: COOKIE, value: None });
            Ok(entered)
        }
        // Counted in a transaction of its own, which the refusal does not undo.
        None => attempts.fail().and(Err(WRONG_CODE.into())),
    }
}
