// One of the pages in Chromium, against our server: every scenario prints its name when it has passed, and the first
// that does not ends the run.
//
//   node browser.mjs PAGE BINARY FOLDER
//
// PAGE is a file in pages/, BINARY our program, FOLDER an empty one for its database. The page is served from three
// origins: the server's own (a small proxy stands in front of both), one that the server trusts, and one that it does
// not. Nothing between browser and server is intercepted: preflights and cookies are the browser's own.

import { bundle, forward, serve } from "./pages.mjs";
import { launch, PATIENCE, start } from "./program.mjs";

const PASSWORD = "correct horse battery";

const [page, binary, folder] = process.argv.slice(2);
const script = await bundle(page);
const own = await serve(script, (incoming, outgoing) => forward(server.root, incoming, outgoing));
const [trusted, foreign] = [await serve(script), await serve(script)];
const server = await start(binary, folder, { BETTER_AUTH_URL: own, BETTER_AUTH_TRUSTED_ORIGINS: trusted });
const browser = await launch();
try {
  await signingUpReloadingAndSigningOutElsewhere();
  await aWrongPasswordIsExplained();
  await aTrustedOriginSignsIn();
  await aForeignOriginDoesNot();
} finally {
  await browser.close();
  server.child.kill();
}
process.exit(0);

async function signingUpReloadingAndSigningOutElsewhere() {
  const context = await browser.newContext();
  const first = await open(context, own);
  await state(first, "nobody");
  await submit(first, "sign-up", "ann@example.com");
  await said(first, "done");
  await state(first, "ann@example.com");
  await first.reload();
  await state(first, "ann@example.com");
  console.log("a new user is still there after a reload");

  const second = await open(context, own);
  await state(second, "ann@example.com");
  await second.click("#sign-out");
  await state(second, "nobody");
  // Nobody touches or focuses the first tab: it hears of it from the second.
  await state(first, "nobody");
  await first.reload();
  await state(first, "nobody");
  console.log("a tab notices that another one signed out");
  await context.close();
}

async function aWrongPasswordIsExplained() {
  const context = await browser.newContext();
  const tab = await open(context, own);
  await submit(tab, "sign-in", "ann@example.com", "wrong horse battery");
  await said(tab, "401 Invalid email or password");
  await state(tab, "nobody");
  await submit(tab, "sign-up", "ann@example.com");
  await said(tab, "422 User already exists. Use another email.");
  await submit(tab, "sign-in", "ann@example.com");
  await state(tab, "ann@example.com");
  console.log("a wrong password is explained");
  await context.close();
}

async function aTrustedOriginSignsIn() {
  const context = await browser.newContext();
  const tab = await open(context, trusted, server.url);
  await state(tab, "nobody");
  await submit(tab, "sign-in", "ann@example.com");
  await said(tab, "done");
  await state(tab, "ann@example.com");
  await tab.reload();
  await state(tab, "ann@example.com");
  // With the cookie now: what changes something asks where it comes from.
  await tab.click("#sign-out");
  await said(tab, "done");
  await state(tab, "nobody");
  console.log("a page of a trusted origin signs in and out");
  await context.close();
}

async function aForeignOriginDoesNot() {
  const context = await browser.newContext();
  const tab = await open(context, foreign, server.url);
  await submit(tab, "sign-in", "ann@example.com");
  // The preflight gets no leave, so the browser keeps the request back.
  await said(tab, /^no answer: /);
  await state(tab, "nobody");
  // Not even a session that the browser has is read.
  const home = await open(context, own);
  await submit(home, "sign-in", "ann@example.com");
  await state(home, "ann@example.com");
  await tab.reload();
  await state(tab, "nobody");
  await tab.click("#sign-out");
  await said(tab, /^no answer: /);
  await home.reload();
  await state(home, "ann@example.com");
  console.log("a page of another origin does neither");
  await context.close();
}

async function open(context, origin, auth) {
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.goto(auth ? `${origin}/?server=${encodeURIComponent(auth)}` : origin);
  return tab;
}

async function submit(tab, button, email, password = PASSWORD) {
  await tab.fill("#email", email);
  await tab.fill("#password", password);
  await tab.click(`#${button}`);
}

/** Waits until the page says who is signed in. */
function state(tab, expected) {
  return shows(tab, "#state", expected);
}

/** Waits until the page says how its last call ended. */
function said(tab, expected) {
  return shows(tab, "#said", expected);
}

/** Waits until a paragraph holds a text. */
async function shows(tab, selector, expected) {
  const text = () => tab.textContent(selector);
  const end = Date.now() + PATIENCE;
  let last = await text();
  while (expected instanceof RegExp ? !expected.test(last) : last !== expected) {
    if (end < Date.now()) throw new Error(`${selector}: expected ${expected}, saw ${JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    last = await text();
  }
}
