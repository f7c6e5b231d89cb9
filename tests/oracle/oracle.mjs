// The real Better Auth behind a small command line, so that the suite in main.rs can hold ours against it.
//
//   node oracle.mjs VERSION DATABASE SECRET COMMAND [ARGUMENT…]
//
//   migrate                        create what the tables lack        → {"created":["user",…],"changed":[…]}
//   sign-up NAME EMAIL PASSWORD    POST /sign-up/email                → a reply
//   sign-in EMAIL PASSWORD         POST /sign-in/email                → a reply
//   get-session COOKIE             GET /get-session, COOKIE as sent   → a reply
//   rules                          judges the places on stdin, [{"trusted":[PATTERN,…],"place":TEXT},…]
//                                  → [[as an origin, as a redirect target],…]
//   serve PORT                     migrate, then the whole API over HTTP; 0 = any   → {"port":N}, then runs
//                                  until stdin ends
//
// ORACLE_OPTIONS in the environment holds more options as JSON, which are put over those below; our
// `secondaryStorage` becomes the original's with ioredis, and our `database` a pool of pg instead of DATABASE.
// Every answer is one line of JSON on stdout; what the library has to say goes to stderr.
// A reply is {"status":N,"headers":{…},"setCookie":[…],"body":JSON, or text, or null where there is none}.

import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { redisStorage } from "@better-auth/redis-storage";
import Sqlite from "better-sqlite3";
import { Redis } from "ioredis";
import pg from "pg";

// The releases that package.json pins, by the name it gives them.
const PACKAGES = {
  "1.6.34": "better-auth-1-6",
  "1.7.1": "better-auth-1-7-1",
  "1.7.25": "better-auth",
};

const [version, database, secret, command, ...rest] = process.argv.slice(2);
const name = PACKAGES[version];
if (!name || !database || !secret || !command) {
  fail(`usage: node oracle.mjs ${Object.keys(PACKAGES).join("|")} DATABASE SECRET COMMAND [ARGUMENT…]`);
}
const { betterAuth } = await import(name);
const { admin, bearer, createAccessControl, openAPI, twoFactor, username } = await import(`${name}/plugins`);
const PLUGINS = {
  admin: ({ roles, ...options }) => admin({ ...options, ...access(roles) }),
  bearer,
  "open-api": openAPI,
  "two-factor": twoFactor,
  username,
};

const commands = {
  async migrate() {
    const { getMigrations } = await import(`${name}/db/migration`);
    const { toBeCreated, toBeAdded, runMigrations } = await getMigrations(options(80));
    await runMigrations();
    answer({ created: toBeCreated.map((t) => t.table), changed: toBeAdded.map((t) => t.table) });
  },

  "sign-up": (name, email, password) => send("POST", "/sign-up/email", {}, { name, email, password }),

  "sign-in": (email, password) => send("POST", "/sign-in/email", {}, { email, password }),

  "get-session": (cookie) => send("GET", "/get-session", { cookie }),

  async rules() {
    // Not exported, so it is found by its place in the package.
    const file = new URL(`node_modules/${name}/dist/auth/trusted-origins.mjs`, import.meta.url);
    const { matchesOriginPattern } = await import(file);
    const judge = ({ trusted, place }) =>
      [false, true].map((allowRelativePaths) =>
        trusted.some((pattern) => matchesOriginPattern(place, pattern, { allowRelativePaths })),
      );
    answer(JSON.parse(readFileSync(0, "utf8")).map(judge));
  },

  async serve(port) {
    const { toNodeHandler } = await import(`${name}/node`);
    const { getMigrations } = await import(`${name}/db/migration`);
    await (await getMigrations(options(80))).runMigrations();
    let handler; // made once the port is known, which is before the first request can come in
    const server = createServer((request, response) => handler(request, response));
    server.listen(Number(port), "127.0.0.1", () => {
      handler = toNodeHandler(betterAuth(options(server.address().port)));
      answer({ port: server.address().port });
    });
    // A test that dies takes its oracle with it.
    process.stdin.resume().on("end", () => process.exit(0));
  },
};

if (!Object.hasOwn(commands, command)) fail(`unknown command: ${command}`);
if (rest.length !== commands[command].length) fail(`${command} takes ${commands[command].length} arguments`);
await commands[command](...rest);

/** What every oracle runs with; the other options keep the library's defaults. */
function options(port) {
  const { email, plugins, secondaryStorage, database: server, ...more } = JSON.parse(process.env.ORACLE_OPTIONS ?? "{}");
  const storage = secondaryStorage && { secondaryStorage: redis(secondaryStorage) };
  return merged(merged(merged(senders(email), storage ?? {}), more), {
    plugins: Object.entries(plugins ?? {}).map(([id, options]) => PLUGINS[id](options)),
    baseURL: `http://127.0.0.1:${port}`,
    database: server ? postgres(server) : new Sqlite(database),
    secret,
    emailAndPassword: { enabled: true },
    user: { deleteUser: { enabled: true } },
    rateLimit: { enabled: false },
    logger: { level: "error", log: (level, ...words) => console.error(level, ...words) },
  });
}

/** Our roles, which are data, as the objects that the original wants. */
function access(roles) {
  if (!roles) return {};
  const statements = {};
  for (const [resource, actions] of Object.values(roles).flatMap(Object.entries)) {
    statements[resource] = [...new Set([...(statements[resource] ?? []), ...actions])];
  }
  const ac = createAccessControl(statements);
  return { ac, roles: Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, ac.newRole(role)])) };
}

/** Our `database` as the pool that the original takes; a command ends although it has connections. */
function postgres({ url }) {
  return new pg.Pool({ connectionString: url, allowExitOnIdle: true });
}

/** Our `secondaryStorage` as the original's, with its own package for Redis; its connection lasts as long as `serve`. */
function redis({ url, keyPrefix }) {
  const client = new Redis(url);
  client.on("error", (error) => console.error(error.message));
  return redisStorage({ client, keyPrefix });
}

/** Our `email.senders` as the functions that the original calls; they write to the file that ours would. */
function senders(email) {
  const write = (kind) => async ({ user, url, token, newEmail }) => {
    const line = JSON.stringify({ kind, to: user.email, url, token, newEmail, user });
    appendFileSync(join(dirname(database), "emails.jsonl"), `${line}\n`);
  };
  const options = {
    verification: (send) => ({ emailVerification: { sendVerificationEmail: send } }),
    "reset-password": (send) => ({ emailAndPassword: { sendResetPassword: send } }),
    "change-email": (send) => ({ user: { changeEmail: { sendChangeEmailConfirmation: send } } }),
    "delete-account": (send) => ({ user: { deleteUser: { sendDeleteAccountVerification: send } } }),
    "existing-user-sign-up": (send) => ({ emailAndPassword: { onExistingUserSignUp: send } }),
  };
  return (email?.senders ?? []).reduce((all, kind) => merged(options[kind](write(kind)), all), {});
}

/** Tables of options are put together member by member, anything else is replaced. */
function merged(over, under) {
  const isTable = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isTable(over) || !isTable(under)) return over;
  const names = Object.keys(over).map((name) => [name, merged(over[name], under[name] ?? {})]);
  return Object.assign(under, Object.fromEntries(names));
}

/** One request through the library's own handler, as a server without a socket would pass it on. */
async function send(method, path, headers, body) {
  const request = new Request(`http://127.0.0.1:80/api/auth${path}`, {
    method,
    headers: body ? { ...headers, "content-type": "application/json" } : headers,
    body: body && JSON.stringify(body),
  });
  const response = await betterAuth(options(80)).handler(request);
  const { "set-cookie": _, ...others } = Object.fromEntries(response.headers);
  answer({
    status: response.status,
    headers: others,
    setCookie: response.headers.getSetCookie(),
    body: parsed(await response.text()),
  });
}

/** JSON where it is JSON, the text where it is not, null where there is nothing. */
function parsed(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

function answer(value) {
  console.log(JSON.stringify(value));
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
