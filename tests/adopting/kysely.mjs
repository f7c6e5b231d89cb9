// Better Auth's own adapter, and its own migration.

import { getMigrations } from "better-auth/db/migration";
import { driver, options } from "./layout.mjs";

export async function make() {
  const { runMigrations } = await getMigrations(options(database()));
  await runMigrations();
}

export const database = driver;
