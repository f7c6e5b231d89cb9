// The official client, unmodified, against one server: every step prints a line with what it was answered.
//
//   node client.mjs ROOT ORIGIN [MAILS]
//
// With the file that the server writes its messages to, the steps are those that go by mail.
//
import { readFileSync } from "node:fs";
import { browser as at } from "./browser.mjs";

const [root, origin, mails] = process.argv.slice(2);
const password = "correct horse battery";

const phone = at(root, origin);
const laptop = at(root, origin);
const nobody = at(root, origin);
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

/** The token of the newest message. */
function token() {
  return JSON.parse(readFileSync(mails, "utf8").trimEnd().split("\n").at(-1)).token;
}

const verify = (client) => client.verifyEmail({ query: { token: token() } });

const stepsByMail = {
  "sign up": () => phone.signUp.email({ ...ann, name: "Ann" }),
  "ask for a new password": () => nobody.requestPasswordReset({ email: ann.email, redirectTo: "/reset" }),
  "ask for nobody's password": () => nobody.requestPasswordReset({ email: "nobody@example.com" }),
  "a token of nobody": () => nobody.resetPassword({ newPassword: "another horse", token: "x" }),
  "set a new password": () => nobody.resetPassword({ newPassword: "another horse", token: token() }),
  "set it again": () => nobody.resetPassword({ newPassword: "yet another horse", token: token() }),
  "the old password": () => nobody.signIn.email(ann),
  "the new password": () => laptop.signIn.email({ ...ann, password: "another horse" }),
  "ask to verify": () => laptop.sendVerificationEmail({ email: ann.email, callbackURL: "/welcome" }),
  "verify": () => verify(laptop),
  "verified": () => phone.getSession(),
  "ask to verify again": () => laptop.sendVerificationEmail({ email: ann.email }),
  "ask for a new address": () => laptop.changeEmail({ newEmail: "lee@example.com", callbackURL: "/changed" }),
  "the old address agrees": () => verify(laptop),
  "the new address agrees": () => verify(laptop),
  "the link is used up": () => verify(laptop),
  "changed": () => phone.getSession(),
  "ask to leave": () => laptop.deleteUser({ callbackURL: "/bye" }),
  "leave with a forged token": () => laptop.deleteUser({ token: "x" }),
  "leave": () => laptop.deleteUser({ token: token() }),
  "gone": () => laptop.signIn.email({ email: "lee@example.com", password: "another horse" }),
};

for (const [step, run] of Object.entries(mails ? stepsByMail : steps)) {
  const { data, error } = await run();
  console.log(JSON.stringify({ step, data, error }));
}
