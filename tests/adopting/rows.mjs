// What is in the database of a layout, raw.
//
//   node rows.mjs LAYOUT   → {"schema":[TEXT,…],"tables":{NAME:{"columns":{NAME:DECLARED},"rows":[{NAME:VALUE,…},…]},…}}
//
// A VALUE is null, or {"type":…,"text":…}: the type that SQLite stored it with, or PostgreSQL's name of its type, and
// the value as that database writes it as text. "schema" is how tables and indexes are declared.

import { driver, isPostgres } from "./layout.mjs";

// One connection, whose time zone is set.
const database = isPostgres ? await driver().connect() : driver();
const rowsOf = async (sql) => (isPostgres ? (await database.query(sql)).rows : database.prepare(sql).all());

const COLUMNS = isPostgres
  ? `SELECT quote_ident(nspname) || '.' || quote_ident(relname) AS "table", relname AS "name", attname AS "column",
       format_type(atttypid, atttypmod) AS "declared", attnotnull AS "filled", attidentity AS "identity", pg_get_expr(adbin, adrelid) AS "default"
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND nspname !~ '^pg_|^information_schema$'
     ORDER BY 1, attnum`
  : `SELECT '"' || t.name || '"' AS "table", t.name, c.name AS "column", c.type AS "declared"
     FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
     ORDER BY 1, cid`;
const INDEXES = isPostgres
  ? `SELECT indexdef AS "sql" FROM pg_indexes WHERE schemaname !~ '^pg_|^information_schema$' ORDER BY 1`
  : `SELECT "sql" FROM sqlite_master WHERE "sql" IS NOT NULL ORDER BY 1`;

if (isPostgres) await database.query("SET TIME ZONE 'UTC'");
const tables = {};
const columns = await rowsOf(COLUMNS);
for (const { table, name, column, declared } of columns) {
  tables[name] ??= { table, columns: {}, rows: [] };
  tables[name].columns[column] = declared;
}
for (const one of Object.values(tables)) {
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  const type = isPostgres ? "pg_typeof" : "typeof";
  const values = Object.keys(one.columns).flatMap((name, at) => [
    `${type}(${quoted(name)})${isPostgres ? "::text" : ""} AS "t${at}"`,
    `CAST(${quoted(name)} AS text) AS "v${at}"`,
  ]);
  for (const row of await rowsOf(`SELECT ${values.join(", ")} FROM ${one.table} ORDER BY 1, 2`)) {
    const value = (at) => (row[`v${at}`] === null ? null : { type: row[`t${at}`], text: row[`v${at}`] });
    one.rows.push(Object.fromEntries(Object.keys(one.columns).map((name, at) => [name, value(at)])));
  }
  delete one.table;
}
const schema = [...(isPostgres ? columns.map((column) => JSON.stringify(column)) : []), ...(await rowsOf(INDEXES)).map(({ sql }) => sql)];
console.log(JSON.stringify({ schema, tables }));
process.exit(0);
