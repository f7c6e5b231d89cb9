// Drizzle: the schema comes from Better Auth's generator, the tables from `drizzle-kit push`.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { generateSchema } from "auth/api";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { drizzle as postgres } from "drizzle-orm/node-postgres";
import { drizzle as sqlite } from "drizzle-orm/better-sqlite3";
import { driver, edited, isPostgres, layout, options } from "./layout.mjs";

const file = join(layout.folder, "schema.mjs");
const provider = isPostgres ? "pg" : "sqlite";

export async function make() {
  const { adapter, options: all } = await betterAuth(options(drizzleAdapter({}, { provider, ...layout.adapter }))).$context;
  const { code } = await generateSchema({ adapter, options: all, file });
  writeFileSync(file, edited(code));
  const config = {
    dialect: layout.dialect,
    schema: file,
    dbCredentials: { url: layout.database },
    schemaFilter: [layout.schema ?? "public"],
  };
  writeFileSync(join(layout.folder, "drizzle.config.json"), JSON.stringify(config));
  const kit = join(createRequire(import.meta.url).resolve("drizzle-kit"), "../bin.cjs");
  execFileSync(process.execPath, [kit, "push", "--force", "--config", "drizzle.config.json"], { cwd: layout.folder });
}

export async function database() {
  const schema = await import(file);
  const client = isPostgres ? postgres(driver(), { schema }) : sqlite(driver(), { schema });
  return drizzleAdapter(client, { provider, schema, ...layout.adapter });
}
