// Prisma: the schema comes from Better Auth's generator, the client from `prisma generate`, the tables from Prisma's own
// schema engine. That is the build of it for WebAssembly, since the native one is not on npm.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engine from "@prisma/schema-engine-wasm/schema_engine_bg";
import { generateSchema } from "auth/api";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { driver, edited, isPostgres, layout, options } from "./layout.mjs";

const require = createRequire(import.meta.url);
const { timestampFormat } = layout.adapter;
const provider = layout.dialect;

export async function make() {
  const { adapter, options: all } = await betterAuth(options(prismaAdapter({}, { provider }))).$context;
  const file = join(layout.folder, "schema.prisma");
  const { code } = await generateSchema({ adapter, options: all, file });
  // The generator names the client in TypeScript; this one is JavaScript, and its own folder.
  const client = 'provider = "prisma-client-js"\n  output = "./client"';
  const content = edited(code.replace('provider = "prisma-client"', client));
  writeFileSync(file, content);
  // It looks for the native engine, which generating has no use for.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CI: "1" };
  const cli = require.resolve("prisma/build/index.js");
  execFileSync(process.execPath, [cli, "generate", "--schema", file], { cwd: layout.folder, env, stdio: "pipe" });
  const tables = await script(content);
  const database = driver();
  await (isPostgres ? database.query(tables) : database.exec(tables));
}

/** `prisma migrate diff --from-empty --to-schema FILE --script`, by the same engine. */
async function script(content) {
  const place = new URL("schema_engine_bg.wasm", import.meta.resolve("@prisma/schema-engine-wasm"));
  const { instance } = await WebAssembly.instantiate(readFileSync(place), { "./schema_engine_bg.js": engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const files = { files: [{ path: "schema.prisma", content }] };
  const made = bindMigrationAwareSqlAdapterFactory(adapter());
  const schema = await engine.SchemaEngine.new({ datamodels: [["schema.prisma", content]] }, () => {}, made);
  const { stdout } = await schema.diff({
    from: { tag: "empty" },
    to: { tag: "schemaDatamodel", ...files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout;
}

function adapter() {
  if (!isPostgres) return new PrismaBetterSqlite3({ url: `file:${layout.database}` }, { timestampFormat });
  return new PrismaPg({ connectionString: layout.database, allowExitOnIdle: true }, { schema: layout.schema ?? undefined });
}

export function database() {
  const { PrismaClient } = require(join(layout.folder, "client"));
  return prismaAdapter(new PrismaClient({ adapter: adapter() }), { provider });
}
