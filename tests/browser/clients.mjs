// Our server as the provider knows it, under several names, and the provider as our server does: each name is another
// way in which two such parties can agree.

import { generateKeyPairSync } from "node:crypto";
import { ALGORITHMS, DISCOVERY } from "./provider.mjs";

const SECRET = "a secret between server and provider";

const algorithms = Object.keys(ALGORITHMS);
const ids = ["staff", "liar", "absent", "basic", "key", "form", "out", ...algorithms];
const key = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** What the provider knows of the server at this origin. */
export function clients(own) {
  const jwks = { keys: [{ ...key.publicKey.export({ format: "jwk" }), kid: "ours", use: "sig" }] };
  const methods = { basic: "client_secret_basic", key: "private_key_jwt" };
  return ids.map((id) => ({
    client_id: id,
    ...(id === "key" ? { jwks, token_endpoint_auth_signing_alg: "ES256" } : { client_secret: SECRET }),
    id_token_signed_response_alg: algorithms.includes(id) ? id : "RS256",
    post_logout_redirect_uris: [`${own}/bye`],
    redirect_uris: [`${own}/api/auth/callback/${id}`],
    token_endpoint_auth_method: methods[id] ?? "client_secret_post",
  }));
}

/** The server's configuration for the provider with this issuer. */
export function configuration(issuer) {
  const path = { liar: "/liar", absent: "/absent" };
  const privateKeyPem = key.privateKey.export({ type: "pkcs8", format: "pem" });
  const signature = { method: "private_key_jwt", privateKeyPem, algorithm: "ES256", kid: "ours" };
  const genericOAuth = ids.map((id) => ({
    providerId: id,
    discoveryUrl: `${issuer}${path[id] ?? DISCOVERY}`,
    clientId: id,
    scopes: ["openid", "email", "profile", "offline_access"],
    prompt: "consent",
    disableProviderLogout: id !== "out",
    ...(id === "key" ? { tokenEndpointAuth: signature } : { clientSecret: SECRET }),
    ...(id === "basic" && { authentication: "basic" }),
    ...(id === "form" && { responseMode: "form_post" }),
  }));
  return { advanced: { allowPrivateAddresses: true }, genericOAuth };
}
