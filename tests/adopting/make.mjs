// Makes the tables of a layout with its tool, and then what their owner changed by hand.
//
//   node make.mjs LAYOUT

import { driver, isPostgres, layout, tool } from "./layout.mjs";

const { make } = await tool();
await make();
const database = driver();
for (const statement of layout.sql) {
  await (isPostgres ? database.query(statement) : database.exec(statement));
}
