// The official client, unmodified, against one server: every step prints a line with what it was answered.
//
//   node client.mjs ROOT ORIGIN
//
// Outside a browser somebody must keep the cookies and say where a page comes from; that is all `browser` does.
import { createAuthClient } from "better-auth/client";

const [root, origin] = process.argv.slice(2);
const password = "correct horse battery";

function browser() {
  const cookies = new Map();
  const customFetchImpl = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("origin", origin);
    if (cookies.size > 0) {
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const answer = await fetch(url, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value, rest] = line.match(/^([^=]+)=([^;]*)(.*)$/);
      if (/max-age=0/i.test(rest)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return createAuthClient({ baseURL: root, fetchOptions: { customFetchImpl } });
}

const phone = browser();
const laptop = browser();
const nobody = browser();
const ann = { email: "ann@example.com", password };

const steps = {
  "sign up": () => phone.signUp.email({ ...ann, name: "Ann" }),
  "sign up again": () => laptop.signUp.email({ ...ann, name: "Ann" }),
  "session": () => phone.getSession(),
  "no session": () => nobody.getSession(),
  "sign in with a wrong password": () => laptop.signIn.email({ ...ann, password: "wrong horse battery" }),
  "sign in": () => laptop.signIn.email(ann),
  "sign in without being remembered": () => nobody.signIn.email({ ...ann, rememberMe: false }),
  "update": () => laptop.updateUser({ name: "Ann Lee", image: "https://i.example/a.png" }),
  "update nothing": () => laptop.updateUser({}),
  "updated session": () => phone.getSession({ query: { disableCookieCache: true } }),
  "accounts": () => laptop.listAccounts(),
  "unlink the last one": () => laptop.unlinkAccount({ accountId: "x" }),
  "revoke a session": async () => {
    const { data } = await nobody.getSession();
    return laptop.revokeSession({ token: data.session.token });
  },
  "the revoked session": () => nobody.getSession(),
  "revoke the others": () => laptop.revokeOtherSessions(),
  "the other session": () => phone.getSession(),
  "sessions": () => laptop.listSessions(),
  "a password that is too short": () => laptop.changePassword({ currentPassword: password, newPassword: "short" }),
  "change the password": () =>
    laptop.changePassword({ currentPassword: password, newPassword: "another horse", revokeOtherSessions: true }),
  "the old password": () => nobody.signIn.email(ann),
  "the new password": () => nobody.signIn.email({ ...ann, password: "another horse" }),
  "revoke all": () => nobody.revokeSessions(),
  "after revoking all": () => laptop.getSession(),
  "update without a session": () => laptop.updateUser({ name: "x" }),
  "sign in once more": () => laptop.signIn.email({ ...ann, password: "another horse" }),
  "sign out": () => laptop.signOut(),
  "after signing out": () => laptop.getSession(),
  "sign in to leave": () => laptop.signIn.email({ ...ann, password: "another horse" }),
  "leave with a wrong password": () => laptop.deleteUser({ password: "wrong horse" }),
  "leave": () => laptop.deleteUser({ password: "another horse" }),
  "gone": () => laptop.signIn.email({ ...ann, password: "another horse" }),
};

for (const [step, run] of Object.entries(steps)) {
  const { data, error } = await run();
  console.log(JSON.stringify({ step, data, error }));
}
