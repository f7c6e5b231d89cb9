// What the scripts of this suite share: our program as a server, and the browser.

import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
/** Milliseconds that a page may take on a busy machine. */
export const PATIENCE = 30_000;

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Our program, listening; `root` is where it does, `url` what pages of other origins call. */
export function start(binary, folder, more) {
  const env = { BETTER_AUTH_SECRET: "a secret of at least thirty-two characters", ...more };
  const child = spawn(binary, ["serve", "--port", "0"], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.on("data", (data) => {
      text += data;
      const port = text.match(/listening on http:\/\/127\.0\.0\.1:(\d+)/)?.[1];
      if (port) {
        resolve({ child, root: `http://127.0.0.1:${port}`, url: `http://localhost:${port}/api/auth` });
      }
    });
    child.on("exit", () => reject(new Error(`the server ended: ${text}`)));
  });
}
