// The pages of the server itself, as a person without JavaScript sees them on a phone: every scenario prints its name
// when it has passed, and the first that does not ends the run.
//
//   node hosted.mjs BINARY FOLDER [SCREENSHOTS]
//
// BINARY is our program, FOLDER an empty one for its database and its messages. With a folder for SCREENSHOTS a picture
// of each page is left there.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, PATIENCE, start } from "./program.mjs";

const PHONE = { width: 360, height: 640 };
const ANN = { name: "Ann", email: "ann@example.com", password: "correct horse battery" };
const NEW = "another long password";

const [binary, folder, screenshots] = process.argv.slice(2);
const config = {
  appName: "Tea & Co",
  email: { transport: "file" },
  user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
};
writeFileSync(join(folder, "better-auth.json"), JSON.stringify(config), { mode: 0o600 });
const server = await start(binary, folder);
const api = `${server.root}/api/auth`;
const browser = await launch();
try {
  const cookie = await signUp();
  await aForgottenPassword();
  await anAddressIsVerified();
  await anAccountIsDeleted(cookie);
} finally {
  await browser.close();
  server.child.kill();
}
process.exit(0);

async function aForgottenPassword() {
  await call("/request-password-reset", { email: ANN.email });
  const { page, close } = await open(mail("reset-password").url, "Choose a new password");
  const send = async (first, second) => {
    await page.getByLabel("New password").fill(first);
    await page.getByLabel("Confirm password").fill(second);
    await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Set password" }).click()]);
  };
  await send(NEW, ANN.password);
  equal(await page.getByRole("alert").textContent(), "The passwords do not match.");
  await looksRight(page, "reset-password-problem");
  await send(NEW, NEW);
  equal(await page.getByRole("heading").textContent(), "Password changed");
  await looksRight(page, "password-changed");
  equal((await call("/sign-in/email", { ...ANN, password: NEW })).status, 200);
  await close();
  console.log("a forgotten password is replaced without a script");

  const used = await open(mail("reset-password").url, "Something went wrong");
  equal(await used.page.locator("code").textContent(), "INVALID_TOKEN");
  equal(await used.page.getByText("expired or was already used").count(), 1);
  await used.close();
  console.log("a link that was used is explained");
}

async function anAddressIsVerified() {
  await call("/send-verification-email", { email: ANN.email });
  const { close } = await open(mail("verification").url, "Email verified");
  await close();
  console.log("a person is told that the address is verified");
}

async function anAccountIsDeleted(cookie) {
  await call("/delete-user", {}, cookie);
  const [name, value] = cookie.split("=");
  const { close } = await open(mail("delete-account").url, "Account deleted", { name, value, url: server.root });
  equal((await call("/sign-in/email", { ...ANN, password: NEW })).status, 401);
  await close();
  console.log("a person is told that the account is deleted");
}

async function signUp() {
  const answer = await call("/sign-up/email", ANN);
  return answer.headers.getSetCookie()[0].split(";")[0];
}

function call(path, body, cookie) {
  const headers = { "content-type": "application/json", origin: server.root, ...(cookie && { cookie }) };
  return fetch(api + path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The newest message of a kind. */
function mail(kind) {
  const lines = readFileSync(join(folder, "emails.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).findLast((mail) => mail.kind === kind);
}

/** Opens a link on a phone without JavaScript and waits for the page with this heading. */
async function open(url, heading, cookie) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
  if (cookie) await context.addCookies([cookie]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  equal(await page.getByRole("heading").textContent(), heading);
  equal(await page.title(), `${heading} – Tea & Co`);
  await looksRight(page, heading.toLowerCase().replaceAll(" ", "-"));
  const close = async () => {
    // The policy refuses nothing that a page of ours has, and no page fetches anything from elsewhere.
    equal(said.filter((text) => text.includes("Content Security Policy")).join("\n"), "");
    for (const address of asked) equal(new URL(address).origin, server.root);
    await context.close();
  };
  return { page, close };
}

/** The style is applied, and nothing is wider than the phone. */
async function looksRight(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
  const { width, x } = await page.locator("main").boundingBox();
  equal(x + width <= PHONE.width, true);
  const { height } = await page.locator("body").boundingBox();
  equal(height >= PHONE.height, true);
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${JSON.stringify(expected)}, saw ${JSON.stringify(actual)}`);
}
