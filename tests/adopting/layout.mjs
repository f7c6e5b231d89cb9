// What a script of this folder works on: the layout whose file is its first argument, as Layout in layout.rs writes it.
//
//   tool        "kysely", "drizzle" or "prisma": the file of that name makes and opens the database
//   dialect     "sqlite" or "postgresql"
//   schema      of PostgreSQL, or null
//   database    a file, or a URL
//   folder      where generated files go
//   secret      what cookies are signed with
//   adapter     options of the tool's adapter
//   generated   [pattern, replacement] pairs: what the owner changed in the generated schema
//   sql         statements that the owner ran on the new tables
//   options     of Better Auth; plugins by their names

import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { admin, twoFactor, username } from "better-auth/plugins";
import Sqlite from "better-sqlite3";
import pg from "pg";

const PLUGINS = { admin, "two-factor": twoFactor, username };

export const layout = JSON.parse(readFileSync(process.argv[2], "utf8"));
export const isPostgres = layout.dialect === "postgresql";

/** The tool of the layout: `make()` makes the tables, `database()` is what Better Auth opens them with. */
export const tool = () => import(`./${layout.tool}.mjs`);

/** A connection of the driver that all tools use. */
export function driver() {
  // A script that has done its work ends although it has connections.
  if (isPostgres) return new pg.Pool({ connectionString: layout.database, allowExitOnIdle: true });
  return new Sqlite(layout.database, { timeout: 5000 });
}

/** The options of Better Auth on this database, listening there. */
export function options(database, port = 80) {
  const { plugins = {}, ...more } = layout.options;
  return {
    ...more,
    plugins: Object.entries(plugins).map(([name, options]) => PLUGINS[name](options)),
    baseURL: `http://127.0.0.1:${port}`,
    database,
    secret: layout.secret,
    emailAndPassword: { enabled: true, sendResetPassword },
    logger: { level: "error", log: (level, ...words) => console.error(level, ...words) },
  };
}

async function sendResetPassword({ user, token }) {
  appendFileSync(join(layout.folder, "resets.jsonl"), `${JSON.stringify({ to: user.email, token })}\n`);
}

/** A file that the tool generated, as its owner left it. */
export function edited(code) {
  return layout.generated.reduce((code, [pattern, text]) => {
    if (!new RegExp(pattern).test(code)) throw new Error(`nothing is like ${pattern} in:\n${code}`);
    return code.replaceAll(new RegExp(pattern, "g"), text);
  }, code);
}
