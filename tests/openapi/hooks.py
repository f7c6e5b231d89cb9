"""Makes the requests of schemathesis count: they come from somebody who is signed in, and every other one of them
names things that exist. What was answered is counted, and read by main.rs.

In the environment: ROLE (stranger, user or admin), BASE (where the endpoints are), BOSS (address of an administrator),
MAILS (the file that messages are written to), DATABASE (the file of the database), COUNTS (the file to count in).
"""

import atexit
import collections
import json
import os
import sqlite3
import uuid

import requests
import schemathesis

ROLE, BASE, MAILS = os.environ["ROLE"], os.environ["BASE"], os.environ["MAILS"]
ORIGIN = "http://localhost:3000"
PASSWORD = "correct horse battery"
# What ends a session, a user or a password, so that whoever called is somebody else afterwards.
ENDS = {
    "/change-password", "/delete-user", "/delete-user/callback", "/reset-password", "/reset-password/{token}",
    "/revoke-session", "/revoke-sessions", "/sign-out", "/user", "/verify-email", "/admin/ban-user", "/admin/impersonate-user",
    "/admin/remove-user", "/admin/revoke-user-session", "/admin/revoke-user-sessions", "/admin/set-role",
    "/admin/set-user-password", "/admin/update-user",
}


class Person:
    """Somebody with a session."""

    def __init__(self, role="user"):
        self.name = f"u{uuid.uuid4().hex[:12]}"
        self.email = f"{self.name}@example.com"
        new = {"name": "Ada", "email": self.email, "password": PASSWORD, "username": self.name}
        self.begin("/sign-up/email", new)
        if role == "admin":
            Boss().post("/admin/set-role", {"userId": self.id, "role": "admin"})

    def begin(self, path, body):
        answer = requests.post(BASE + path, json=body, timeout=30)
        answer.raise_for_status()
        self.id, self.token = answer.json()["user"]["id"], answer.json()["token"]
        self.cookies = answer.cookies.get_dict()

    def post(self, path, body):
        answer = requests.post(BASE + path, json=body, cookies=self.cookies, headers={"origin": ORIGIN}, timeout=30)
        answer.raise_for_status()

    def link(self, kind, path, body):
        """The token of a link that this person asks for."""
        self.post(path, body)
        with open(MAILS) as lines:
            mails = [json.loads(line) for line in lines]
        return [mail for mail in mails if mail["kind"] == kind and mail["to"] == self.email][-1]["token"]

    def way_in(self):
        """The id of a way in at a provider, which another program wrote."""
        id, now = uuid.uuid4().hex, "2026-11-25T12:00:00.000Z"
        with sqlite3.connect(os.environ["DATABASE"], timeout=30) as database:
            database.execute(
                'INSERT INTO "account" ("id", "accountId", "providerId", "userId", "accessToken", "createdAt",'
                ' "updatedAt") VALUES (?, ?, ?, ?, ?, ?, ?)',
                (id, id, "github", self.id, "token", now, now),
            )
        return id


class Boss(Person):
    """The administrator who is there from the beginning and whom nobody finds."""

    def __init__(self):
        self.begin("/sign-in/email", {"email": os.environ["BOSS"], "password": PASSWORD})


people = {}


def me():
    if "me" not in people:
        people["me"] = Person("admin" if ROLE == "admin" else "user")
    return people["me"]


def other():
    if "other" not in people:
        people["other"] = Person()
    return people["other"]


def link(path):
    asked = {
        "/verify-email": ("verification", "/send-verification-email", {"email": me().email}),
        "/delete-user": ("delete-account", "/delete-user", {}),
        "/delete-user/callback": ("delete-account", "/delete-user", {}),
    }
    reset = ("reset-password", "/request-password-reset", {"email": me().email})
    return me().link(*asked.get(path, reset))


def unique():
    return f"n{uuid.uuid4().hex[:12]}"


# By name, what makes sense for an endpoint; every value is made when it is needed.
LIVE = {
    "accountId": lambda path: me().way_in(),
    "again": lambda path: PASSWORD,
    "banExpiresIn": lambda path: 60,
    "callbackURL": lambda path: "/welcome",
    "currentPassword": lambda path: PASSWORD,
    "data": lambda path: {"name": "Grace"},
    "email": lambda path: me().email if path in ("/sign-in/email", "/request-password-reset", "/forget-password",
                                                 "/send-verification-email") else f"{unique()}@example.com",
    "errorCallbackURL": lambda path: "/oops",
    "filterField": lambda path: "name",
    "id": lambda path: other().id,
    "limit": lambda path: 5,
    "newEmail": lambda path: f"{unique()}@example.com",
    "newPassword": lambda path: PASSWORD,
    "newUserCallbackURL": lambda path: "/welcome",
    "offset": lambda path: 1,
    "password": lambda path: PASSWORD,
    "permission": None,
    "permissions": lambda path: {"user": ["list"]},
    "provider": lambda path: "github",
    "idToken": None,
    "redirectTo": lambda path: "/welcome",
    "role": lambda path: "user",
    "sessionToken": lambda path: other().token,
    "sortBy": lambda path: "email",
    "token": lambda path: me().token if path == "/revoke-session" else link(path),
    "userId": lambda path: other().id,
    "username": lambda path: me().name if path == "/sign-in/username" else unique(),
    "displayUsername": lambda path: "Ada",
    "additionalParams": None,
    "age": lambda path: 5,
    "level": lambda path: "high",
    "device": lambda path: "phone",
}

turns = collections.Counter()
counts = collections.defaultdict(collections.Counter)


def alive(values, path):
    """The same with values that exist; a name that stands for none is left out."""
    if "useAccountCookie" in values:
        values = {"accountId": ""}  # The other way to say which, and nobody has that cookie.
    known = {name: value for name, value in values.items() if LIVE.get(name, True) is not None}
    return {name: LIVE[name](path) if name in LIVE else value for name, value in known.items()}


@schemathesis.hook
def before_call(context, case, kwargs):
    kwargs["allow_redirects"] = False
    label, path = case.operation.label, case.operation.path
    is_positive = case.meta is None or case.meta.generation.mode.is_positive
    turns[label] += 1
    is_alive = is_positive and turns[label] % 2 == 0
    # As a header: cookies would be joined by those that earlier answers set.
    cookies = {"stranger": "nobody"} if ROLE == "stranger" else me().cookies
    if is_alive and path == "/admin/stop-impersonating" and ROLE == "admin":
        answer = requests.post(f"{BASE}/admin/impersonate-user", json={"userId": other().id}, cookies=cookies,
                               headers={"origin": ORIGIN}, timeout=30)
        cookies = {**cookies, **answer.cookies.get_dict()}
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    case.headers = {**dict(case.headers or {}), "Origin": ORIGIN, "Cookie": cookie}
    case.cookies = {}
    if not is_alive:
        return
    case.headers.pop("Authorization", None)
    if isinstance(case.body, dict):
        case.body = alive(case.body, path)
    if case.query:
        case.query = alive(case.query, path)
    if "token" in (case.path_parameters or {}):
        case.path_parameters = alive(case.path_parameters, path)


@schemathesis.hook
def after_call(context, case, response):
    counts[case.operation.label][str(response.status_code)] += 1
    has_changed = case.operation.path in ENDS and response.status_code < 400
    if has_changed or response.status_code == 401 or "session_token" in response.headers.get("set-cookie", ""):
        people.pop("me", None)
        people.pop("other", None)


@atexit.register
def write_counts():
    with open(os.environ["COUNTS"], "w") as file:
        json.dump(counts, file)
