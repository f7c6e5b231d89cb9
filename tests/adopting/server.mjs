// The real Better Auth on the database of a layout, over HTTP on a free port, until stdin ends.
//
//   node server.mjs LAYOUT   → {"port":N}
//
// Beside its API it calls the library's own functions on rows: POST /internal/NAME with the arguments as a JSON array,
// in which texts of the form of Date's toISOString are times.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { betterAuth } from "better-auth";
import { toNodeHandler } from "better-auth/node";
import { options, tool } from "./layout.mjs";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let auth;
let handler;

const server = createServer(async (request, response) => {
  const [, name] = request.url.split("/internal/");
  // As the proxy in front of it would.
  request.headers["x-forwarded-for"] = request.socket.remoteAddress;
  if (!name) return handler(request, response);
  try {
    const revive = (_, value) => (TIME.test(value) ? new Date(value) : value);
    const { internalAdapter } = await auth.$context;
    const answer = await internalAdapter[name](...JSON.parse(await text(request), revive));
    const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value);
    response.end(JSON.stringify(answer ?? null, plain));
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error));
  }
});
const { database } = await tool();
const opened = await database();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  auth = betterAuth(options(opened, port));
  handler = toNodeHandler(auth);
  console.log(JSON.stringify({ port }));
});
// A test that dies takes its server with it.
process.stdin.resume().on("end", () => process.exit(0));
