// The official client with its plugins, against one server: every method of theirs, one line each with what it was
// answered.
//
//   node plugin_client.mjs ROOT ORIGIN
import { adminClient, usernameClient } from "better-auth/client/plugins";
import { browser } from "./browser.mjs";

const [root, origin] = process.argv.slice(2);
const password = "correct horse battery";
const plugins = () => [adminClient(), usernameClient()];

// Everybody who signs up here is an administrator, until one of them says otherwise.
const ann = browser(root, origin, plugins());
const bob = browser(root, origin, plugins());
const nobody = browser(root, origin, plugins());
let bobId, carlId, token;

const steps = {
  "sign up": () => ann.signUp.email({ email: "ann@example.com", name: "Ann", password, username: "Ann" }),
  "sign up with another's name": () =>
    nobody.signUp.email({ email: "eve@example.com", name: "Eve", password, username: "ANN" }),
  "somebody else": async () => {
    const answer = await bob.signUp.email({ email: "bob@example.com", name: "Bob", password, username: "bobby" });
    bobId = answer.data.user.id;
    return answer;
  },
  "a name that is free": () => nobody.isUsernameAvailable({ username: "carl" }),
  "a name that is not": () => nobody.isUsernameAvailable({ username: "BOBBY" }),
  "a name that is none": () => nobody.isUsernameAvailable({ username: "b b" }),
  "sign in by name": () => nobody.signIn.username({ username: "Bobby", password }),
  "sign in by name with a wrong password": () => nobody.signIn.username({ username: "bobby", password: "wrong horse" }),
  "another name": () => bob.updateUser({ username: "Robert", displayUsername: "Bob the Great" }),
  "list": () => ann.admin.listUsers({ query: { sortBy: "email" } }),
  "search": () => ann.admin.listUsers({ query: { searchValue: "bo", searchOperator: "starts_with", limit: 1 } }),
  "filter": () =>
    ann.admin.listUsers({ query: { filterField: "email", filterOperator: "eq", filterValue: "bob@example.com" } }),
  "filter by a list": () =>
    ann.admin.listUsers({
      query: { filterField: "email", filterOperator: "in", filterValue: ["bob@example.com", "x@example.com"] },
    }),
  "filter by a flag": () => ann.admin.listUsers({ query: { filterField: "banned", filterValue: true } }),
  "get": () => ann.admin.getUser({ query: { id: bobId } }),
  "create": async () => {
    const answer = await ann.admin.createUser({
      email: "carl@example.com", name: "Carl", password, role: "user", data: { username: "Carl" },
    });
    carlId = answer.data.user.id;
    return answer;
  },
  "create again": () => ann.admin.createUser({ email: "carl@example.com", name: "Carl", password }),
  "update": () => ann.admin.updateUser({ userId: carlId, data: { name: "Karl" } }),
  "set a role": () => ann.admin.setRole({ userId: bobId, role: ["user", "support"] }),
  "may not": () => bob.admin.listUsers({ query: {} }),
  "has a permission": () => ann.admin.hasPermission({ permissions: { user: ["ban"] } }),
  "has none": () => bob.admin.hasPermission({ permissions: { user: ["ban"] } }),
  "a role has one": () => ({
    data: ann.admin.checkRolePermission({ role: "admin", permissions: { user: ["ban"] } }), error: null,
  }),
  "sessions": async () => {
    const answer = await ann.admin.listUserSessions({ userId: bobId });
    token = answer.data.sessions[0].token;
    return { data: answer.data.sessions.length, error: answer.error };
  },
  "end one": () => ann.admin.revokeUserSession({ sessionToken: token }),
  "set a password": () => ann.admin.setUserPassword({ userId: carlId, newPassword: "another horse" }),
  "sign in with it": () => nobody.signIn.username({ username: "carl", password: "another horse" }),
  "end all": () => ann.admin.revokeUserSessions({ userId: carlId }),
  "it is over": () => nobody.getSession(),
  "ban": () => ann.admin.banUser({ userId: carlId, banReason: "spam", banExpiresIn: 3600 }),
  "banned": () => nobody.signIn.username({ username: "carl", password: "another horse" }),
  "ban oneself": async () => ann.admin.banUser({ userId: (await ann.getSession()).data.user.id }),
  "unban": () => ann.admin.unbanUser({ userId: carlId }),
  "be somebody else": () => ann.admin.impersonateUser({ userId: carlId }),
  "as somebody else": () => ann.getSession(),
  "who may nothing": () => ann.admin.banUser({ userId: bobId }),
  "be oneself": () => ann.admin.stopImpersonating(),
  "as oneself": () => ann.getSession(),
  "remove": () => ann.admin.removeUser({ userId: carlId }),
  "removed": () => ann.admin.removeUser({ userId: carlId }),
};

for (const [step, run] of Object.entries(steps)) {
  const { data, error } = await run();
  console.log(JSON.stringify({ step, data, error }));
}
