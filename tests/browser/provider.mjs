// A real OpenID provider, npm oidc-provider, whose door can be shut, slow or wrong: a trick stands in front of one of
// its paths and either answers itself or passes the request on, changed or not.

import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";
import { listen } from "./pages.mjs";

/** Seconds that an access token lives: over before a person has looked twice. */
const ACCESS_TOKEN = 2;

/** Where it describes itself. */
export const DISCOVERY = "/.well-known/openid-configuration";

/** Signing algorithms, each with a key of the provider. */
export const ALGORITHMS = {
  RS256: ["rsa", { modulusLength: 2048 }],
  RS384: ["rsa", { modulusLength: 2048 }],
  RS512: ["rsa", { modulusLength: 2048 }],
  PS256: ["rsa", { modulusLength: 2048 }],
  PS384: ["rsa", { modulusLength: 2048 }],
  PS512: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  ES384: ["ec", { namedCurve: "P-384" }],
  EdDSA: ["ed25519", {}],
};

/** Starts it for these clients; people are `NAME@example.com`, and the address of `eve` is not verified. */
export async function startProvider(clients) {
  const tricks = new Map();
  let answer;
  const issuer = await listen((incoming, outgoing) => {
    const trick = tricks.get(new URL(incoming.url, "http://localhost").pathname);
    return trick ? trick(incoming, outgoing) : answer(incoming, outgoing);
  }, "127.0.0.1");
  const keys = Object.entries(ALGORITHMS).map(([alg, [type, options]]) => {
    const { privateKey } = generateKeyPairSync(type, options);
    return { ...privateKey.export({ format: "jwk" }), alg, kid: alg, use: "sig" };
  });
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      ...client,
    })),
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["a key of a provider that lives for a minute"] },
    features: { rpInitiatedLogout: { logoutSource } },
    enabledJWA: { idTokenSigningAlgValues: Object.keys(ALGORITHMS) },
    findAccount: (_, name) => ({
      accountId: name,
      claims: () => ({ sub: name, name, email: `${name}@example.com`, email_verified: name !== "eve" }),
    }),
    jwks: { keys },
    rotateRefreshToken: true,
    ttl: { AccessToken: ACCESS_TOKEN, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600, RefreshToken: 3600 },
  });
  answer = provider.callback();
  return {
    issuer,
    /** Does something while a trick stands in front of a path. */
    async behind(path, trick, action) {
      tricks.set(path, (incoming, outgoing) => trick(incoming, outgoing, () => answer(incoming, outgoing)));
      try {
        return await action();
      } finally {
        tricks.delete(path);
      }
    },
    /** Whether an access token is good for something. */
    async takes(token) {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${issuer}/me`, { headers })).status === 200;
    },
  };
}

function logoutSource(ctx, form) {
  ctx.body = `<!doctype html>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
}

/** Nobody is there. */
export function shut(_, outgoing) {
  outgoing.destroy();
}

/** Somebody is, and never comes to an end: a byte now and then. */
export function slow(_, outgoing) {
  outgoing.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => outgoing.write(" "), 100);
  outgoing.on("close", () => clearInterval(timer));
}

/** More than anybody wants to read, as fast as it is read. */
export function endless(_, outgoing) {
  outgoing.writeHead(200, { "content-type": "application/json" });
  const more = () => {
    while (!outgoing.destroyed && outgoing.write(" ".repeat(65536)));
  };
  outgoing.on("drain", more);
  more();
}

/** Something else than was asked for. */
export function nonsense(status, body, headers = {}) {
  return (_, outgoing) => {
    outgoing.writeHead(status, { "content-type": "text/html", ...headers });
    outgoing.end(body);
  };
}
