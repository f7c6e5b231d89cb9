// Pages for the browser: bundled in memory, served from ports of their own.

import { createServer, request } from "node:http";
import { build } from "esbuild";

/** A page of pages/ as one script. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [`pages/${entry}`],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Serves a page under every path of a new origin, which it answers; `api` takes what is below /api. */
export function serve(script, api) {
  const html = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="/page.js"></script>';
  return listen((incoming, outgoing) => {
    if (api && incoming.url.startsWith("/api/")) return api(incoming, outgoing);
    const isScript = incoming.url === "/page.js";
    outgoing.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    outgoing.end(isScript ? script : html);
  });
}

/** Listens on a free port of this machine and answers the origin. */
export function listen(answer, host = "localhost") {
  const listener = createServer(answer);
  return new Promise((resolve) => {
    listener.listen(0, "127.0.0.1", () => resolve(`http://${host}:${listener.address().port}`));
  });
}

/** Hands a request on to another server as it is. */
export function forward(root, incoming, outgoing) {
  const { method, headers } = incoming;
  const outward = request(root + incoming.url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  outward.on("error", () => outgoing.destroy());
  incoming.pipe(outward);
}
