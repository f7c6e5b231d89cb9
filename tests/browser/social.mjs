// People sign in with a real OpenID provider in Chromium: every scenario prints its name when it has passed, and the
// first that does not ends the run.
//
//   node social.mjs BINARY FOLDER
//
// BINARY is our program, FOLDER an empty one for its database. The page has the official client; a proxy stands in front
// of page and server, so that they have one origin. The provider is another site.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clients, configuration } from "./clients.mjs";
import { bundle, forward, listen, serve } from "./pages.mjs";
import { launch, PATIENCE, start } from "./program.mjs";
import { ALGORITHMS, DISCOVERY, endless, nonsense, shut, slow, startProvider } from "./provider.mjs";

const PASSWORD = "correct horse battery";
const CALLBACK = "/api/auth/callback";

const [binary, folder] = process.argv.slice(2);
let hold = null;
const own = await serve(await bundle("social.js"), api);
const provider = await startProvider(clients(own));
// It holds a secret, and a server refuses to start on one that everybody can read.
const config = JSON.stringify(configuration(provider.issuer));
writeFileSync(join(folder, "better-auth.json"), config, { mode: 0o600 });
const server = await start(binary, folder, { BETTER_AUTH_URL: own });
const browser = await launch();
try {
  await aPersonSignsInAndComesBack();
  await whoeverSaysNoIsToldSo();
  await everyAlgorithmIsRead();
  await theServerShowsWhatTheProviderWantsToSee();
  await whoeverSignsOutHereSignsOutThere();
  await aWayInIsAddedAndRemoved();
  await aPlantedPasswordOpensNothing();
  await aTokenThatIsOverIsRenewed();
  await whatBelongsToAnotherSignInIsRefused();
  await whatWasUsedIsUsed();
  await aProviderThatIsUnwellHarmsNobody();
} finally {
  await browser.close();
  server.child.kill();
}
process.exit(0);

async function aPersonSignsInAndComesBack() {
  const tab = await open();
  await signIn(tab);
  await identify(tab, "ann");
  equal(await place(tab), "/welcome");
  const user = (await session(tab)).user;
  equal([user.email, user.emailVerified, user.name].join(), "ann@example.com,true,ann");
  await call(tab, "signOut");
  equal(await session(tab), null);
  await signIn(tab);
  await consent(tab);
  equal(await place(tab), "/home");
  equal((await session(tab)).user.id, user.id);
  await tab.context().close();
  console.log("a person signs in, consents and comes back with a session, and later as the same user");
}

async function whoeverSaysNoIsToldSo() {
  const tab = await open();
  await signIn(tab);
  await login(tab, "ann");
  await tab.getByText("Cancel").click();
  equal(await place(tab), "/sorry?a=b&error=access_denied&error_description=End-User+aborted+interaction");
  equal(await session(tab), null);
  await tab.context().close();
  console.log("whoever says no at the provider is told so, and nobody is signed in");
}

async function everyAlgorithmIsRead() {
  for (const id of Object.keys(ALGORITHMS)) {
    const tab = await open();
    await signIn(tab, id);
    await identify(tab, `fan-of-${id.toLowerCase()}`);
    equal(await place(tab), "/welcome");
    await tab.context().close();
  }
  console.log("tokens are read that were signed in any of nine ways");
}

async function theServerShowsWhatTheProviderWantsToSee() {
  for (const id of ["basic", "key", "form"]) {
    const tab = await open();
    await signIn(tab, id);
    await identify(tab, `client-of-${id}`);
    equal(await place(tab), "/welcome");
    await tab.context().close();
  }
  console.log("a secret in a header, a signature, and an answer as a form will do, too");
}

async function whoeverSignsOutHereSignsOutThere() {
  const tab = await open();
  await signIn(tab, "out");
  await identify(tab, "olga");
  equal(await place(tab), "/welcome");
  await leave(tab, "signOut", { callbackURL: "/bye" });
  await tab.getByRole("button", { name: "Sign out" }).click();
  equal(await place(tab), "/bye");
  equal(await session(tab), null);
  // The provider asks again who it is.
  await signIn(tab, "out");
  await identify(tab, "olga");
  equal(await place(tab), "/home");
  await tab.context().close();
  console.log("whoever signs out here signs out at the provider");
}

async function aWayInIsAddedAndRemoved() {
  const tab = await open();
  await signUp(tab, "carol");
  const ways = async () => (await call(tab, "listAccounts")).data;
  const link = async (name) => {
    const places = { callbackURL: "/settings", errorCallbackURL: "/sorry" };
    await leave(tab, "linkSocial", { provider: "staff", ...places });
    await (name ? identify(tab, name) : consent(tab));
    return place(tab);
  };
  equal(await link("eve"), "/sorry?error=unable_to_link_account");
  await tab.context().clearCookies({ domain: "127.0.0.1" });
  equal(await link("ann"), "/sorry?error=email_does_not_match");
  await tab.context().clearCookies({ domain: "127.0.0.1" });
  equal(await link("carol"), "/settings");
  equal((await ways()).map((way) => way.providerId).join(), "credential,staff");
  // Once more is no second one.
  equal(await link(), "/settings");
  equal((await ways()).length, 2);

  const [credential, staff] = await ways();
  equal((await call(tab, "unlinkAccount", { accountId: staff.id })).data.status, true);
  equal((await ways()).map((way) => way.providerId).join(), "credential");
  equal((await call(tab, "unlinkAccount", { accountId: credential.id })).error.code, "FAILED_TO_UNLINK_LAST_ACCOUNT");
  await tab.context().close();
  console.log("a way in is added, once, by its owner, and removed unless it is the last");
}

async function aPlantedPasswordOpensNothing() {
  const tab = await open();
  await signUp(tab, "dan");
  await call(tab, "signOut");
  await signIn(tab);
  await identify(tab, "dan");
  equal(await place(tab), "/sorry?a=b&error=account_not_linked");
  equal(await session(tab), null);
  await tab.context().close();
  console.log("whoever finds a stranger's account under their address is not joined with it");
}

async function aTokenThatIsOverIsRenewed() {
  const tab = await open();
  await signIn(tab);
  await identify(tab, "ann");
  equal(await place(tab), "/home");
  const [{ id: accountId }] = (await call(tab, "listAccounts")).data;
  const token = async () => (await call(tab, "getAccessToken", { accountId })).data.accessToken;
  const first = await token();
  equal(await provider.takes(first), true);
  await until("the token is over", async () => !(await provider.takes(first)));
  const second = await token();
  equal(await provider.takes(second), true);
  // The provider gave a new refresh token each time and would revoke everything at the second use of an old one.
  const third = (await call(tab, "refreshToken", { accountId })).data;
  equal(await provider.takes(third.accessToken), true);
  equal((await call(tab, "refreshToken", { accountId })).error, null);
  await provider.behind("/token", shut, async () => {
    equal((await call(tab, "refreshToken", { accountId })).error.code, "FAILED_TO_REFRESH_ACCESS_TOKEN");
    equal((await call(tab, "getAccessToken", { accountId })).error.code, "FAILED_TO_GET_ACCESS_TOKEN");
  });
  equal(await provider.takes(await token()), true);
  await tab.context().close();
  console.log("an access token that is over is renewed, again and again");
}

async function whatBelongsToAnotherSignInIsRefused() {
  const another = (incoming, _, pass) => {
    incoming.url = incoming.url.replace(/nonce=[^&]*/, "nonce=another");
    pass();
  };
  await provider.behind("/auth", another, async () => {
    const tab = await open();
    await signIn(tab);
    await identify(tab, "ann");
    equal(await place(tab), "/sorry?a=b&error=unable_to_get_user_info");
    equal(await session(tab), null);
    await tab.context().close();
  });
  console.log("a token with the nonce of another sign-in is refused");

  // The server is told of another issuer than the one that answers and signs.
  const elsewhere = async (_, outgoing) => {
    const described = await (await fetch(provider.issuer + DISCOVERY)).json();
    outgoing.end(JSON.stringify({ ...described, issuer: "https://id.example.com" }));
  };
  const tab = await open();
  await provider.behind("/liar", elsewhere, () => signIn(tab, "liar"));
  const back = await stopped(() => identify(tab, "ann"));
  equal(await follow(tab, back), "/sorry?a=b&error=issuer_mismatch");
  await signIn(tab, "liar");
  const unnamed = await stopped(() => consent(tab));
  unnamed.searchParams.delete("iss");
  equal(await follow(tab, unnamed), "/sorry?a=b&error=unable_to_get_user_info");
  equal(await session(tab), null);
  await tab.context().close();
  console.log("an answer and a token of another issuer are refused");
}

async function whatWasUsedIsUsed() {
  const [tab, other] = [await open(), await open()];
  await signIn(tab);
  const back = await stopped(() => identify(tab, "ann"));
  equal(await follow(other, back), "/sorry?a=b&error=state_mismatch");
  await signIn(other);
  equal(await follow(other, back), "/sorry?a=b&error=state_mismatch");
  equal(await session(other), null);
  // What somebody else tried took nothing from whom it belongs to.
  equal(await follow(tab, back), "/home");
  equal((await session(tab)).user.email, "ann@example.com");
  console.log("a state of another browser is refused, and stays good for its own");

  await call(tab, "signOut");
  const error = `${CALLBACK.replace("/callback", "/error")}?error=state_mismatch`;
  equal(await follow(tab, back), error);
  equal(await session(tab), null);
  console.log("a state that comes back twice is refused");

  await signIn(tab);
  const next = await stopped(() => consent(tab));
  const used = new URL(next);
  used.searchParams.set("code", back.searchParams.get("code"));
  equal(await follow(tab, used), "/sorry?a=b&error=invalid_code");
  equal(await session(tab), null);
  console.log("a code that comes back twice is refused");
  for (const each of [tab, other]) await each.context().close();
}

async function aProviderThatIsUnwellHarmsNobody() {
  const tab = await open();
  await signIn(tab);
  await identify(tab, "ann");
  equal(await place(tab), "/home");
  await call(tab, "signOut");
  const behind = async (path, trick, expected) => {
    await signIn(tab);
    await provider.behind(path, trick, async () => {
      await consent(tab);
      equal(await place(tab), `/sorry?a=b&error=${expected}`);
    });
    equal(await session(tab), null);
  };
  await behind("/token", shut, "invalid_code");
  await behind("/me", shut, "unable_to_get_user_info");
  // The keys are kept for an hour.
  await signIn(tab);
  await provider.behind("/jwks", shut, () => consent(tab).then(() => place(tab)));
  equal((await session(tab)).user.email, "ann@example.com");
  await call(tab, "signOut");
  await provider.behind("/absent", shut, async () => {
    const answer = await call(tab, "signIn.social", { provider: "absent", callbackURL: "/home" });
    equal([answer.error.status, answer.error.code].join(), "404,PROVIDER_NOT_FOUND");
  });
  console.log("a provider that is down signs nobody in");

  await behind("/token", slow, "invalid_code");
  console.log("a provider that never finishes is not waited for");

  let visits = 0;
  const stranger = await listen((_, outgoing) => outgoing.end(JSON.stringify({ access_token: ++visits })));
  for (const trick of [nonsense(200, "<p>hello"), nonsense(502, "oops"), nonsense(307, "", { location: stranger }), endless]) {
    await behind("/token", trick, "invalid_code");
  }
  for (const trick of [nonsense(200, "<p>hello"), nonsense(200, '{"sub":"somebody else","email":"a@b.c"}'), endless]) {
    await behind("/me", trick, "unable_to_get_user_info");
  }
  for (const body of ["<p>hello", "[]", "{}"]) {
    await provider.behind("/absent", nonsense(200, body), async () => {
      const answer = await call(tab, "signIn.social", { provider: "absent", callbackURL: "/home" });
      equal(answer.error.code, "PROVIDER_NOT_FOUND");
    });
  }
  equal(visits, 0);
  await signIn(tab);
  await consent(tab);
  equal(await place(tab), "/home");
  await tab.context().close();
  console.log("a provider that answers nonsense signs nobody in, and is believed again afterwards");
}

/** A page of ours in a browser that nobody has used. */
async function open() {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.goto(own);
  return tab;
}

/** Goes to the provider. */
function signIn(tab, provider = "staff") {
  const places = { callbackURL: "/home", newUserCallbackURL: "/welcome", errorCallbackURL: "/sorry?a=b" };
  return leave(tab, "signIn.social", { provider, ...places });
}

async function leave(tab, method, body) {
  if (!tab.url().startsWith(own) || tab.url().includes("/api/")) await tab.goto(own);
  const arrived = tab.waitForURL(`${provider.issuer}/**`);
  // The page goes away while the call is under way.
  await call(tab, method, body).catch(() => {});
  await arrived;
}

/** A call of the official client by its name. */
function call(tab, method, body) {
  const run = ([method, body]) => method.split(".").reduce((at, name) => at[name], window.auth)(body);
  return tab.evaluate(run, [method, body]);
}

async function session(tab) {
  if (tab.url().includes("/api/")) await tab.goto(own);
  return (await call(tab, "getSession")).data;
}

async function signUp(tab, name) {
  const { error } = await call(tab, "signUp.email", { name, email: `${name}@example.com`, password: PASSWORD });
  equal(error, null);
}

async function identify(tab, name) {
  await login(tab, name);
  await consent(tab);
}

async function login(tab, name) {
  await tab.fill("input[name=login]", name);
  await tab.fill("input[name=password]", PASSWORD);
  await tab.getByRole("button", { name: "Sign-in" }).click();
}

function consent(tab) {
  return tab.getByRole("button", { name: "Continue" }).click();
}

/** Where the browser came out, on our side. */
async function place(tab) {
  await tab.waitForURL((url) => url.origin === own && !url.pathname.startsWith(CALLBACK));
  return tab.url().slice(own.length);
}

/** Does something that leads back from the provider, but holds the browser at our door: where it would have gone. */
async function stopped(action) {
  const back = new Promise((resolve) => (hold = resolve));
  await action();
  const url = await back;
  hold = null;
  return url;
}

/** What comes for the server. */
function api(incoming, outgoing) {
  if (!hold || !incoming.url.startsWith(CALLBACK)) return forward(server.root, incoming, outgoing);
  outgoing.end();
  hold(new URL(incoming.url, own));
}

async function follow(tab, url) {
  await tab.goto(url.href);
  return place(tab);
}

async function until(what, holds) {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (end < Date.now()) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${JSON.stringify(expected)}, saw ${JSON.stringify(actual)}`);
}
