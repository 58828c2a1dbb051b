/**
 * `node scripts/check-postgres-schema.mjs URL`: fails when a migrated PostgreSQL database is not what the models say. Makes
 * what they say in a schema beside it, compares the catalogues, and takes it back. (The schema engine itself cannot read a
 * real database through adapter-pg 7.10: it stumbles over the catalogue's type "char".)
 */
import { isDeepStrictEqual } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { readModels } from "./prisma-schema.mjs";
import { EMPTY_TARGET, modelsTarget, openDiff } from "./schema-engine.mjs";
import { runMain } from "./steps.mjs";

const EXPECTED = "expected_by_models";

/** All that makes a schema, as lines of text without the schema's name; `$` stands for that. */
const CATALOGUE = `
  SELECT concat_ws(' ', 'column', table_name, column_name, data_type, replace(udt_schema, '$', ''), udt_name,
    datetime_precision, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = '$' AND table_name <> '_prisma_migrations'
  UNION ALL
  SELECT concat_ws(' ', 'index', replace(indexdef, '$.', ''))
  FROM pg_indexes WHERE schemaname = '$' AND tablename <> '_prisma_migrations'
  UNION ALL
  SELECT concat_ws(' ', 'constraint', conname, r.relname, replace(pg_get_constraintdef(c.oid), '$.', ''))
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
  WHERE c.connamespace = '$'::regnamespace AND r.relname <> '_prisma_migrations'
  UNION ALL
  SELECT concat_ws(' ', 'enum', typname, enumsortorder, enumlabel)
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace = '$'::regnamespace
  ORDER BY 1`;

async function catalogueOf(connection, schema) {
  const { rows } = await connection.queryRaw({ sql: CATALOGUE.replaceAll("$", schema), args: [], argTypes: [] });
  return rows.map(([line]) => line);
}

await runMain(async () => {
  const url = process.argv[2];
  if (url === undefined) throw new Error("usage: node scripts/check-postgres-schema.mjs URL");
  const script = await (await openDiff())(EMPTY_TARGET, modelsTarget("postgresql", readModels()));
  // One connection: all of it happens in one transaction, which is never committed.
  const connection = await new PrismaPg({ connectionString: url, max: 1 }).connect();
  try {
    await connection.executeScript(`BEGIN; CREATE SCHEMA ${EXPECTED}; SET LOCAL search_path TO ${EXPECTED}; ${script}`);
    const expected = await catalogueOf(connection, EXPECTED);
    await connection.executeScript("SET LOCAL search_path TO public");
    const actual = await catalogueOf(connection, "public");
    await connection.executeScript("ROLLBACK");
    if (isDeepStrictEqual(actual, expected)) return;
    const missing = expected.filter((line) => !actual.includes(line)).map((line) => `  missing: ${line}`);
    const surplus = actual.filter((line) => !expected.includes(line)).map((line) => `  surplus: ${line}`);
    throw new Error(["the database is not what the models say:", ...missing, ...surplus].join("\n"));
  } finally {
    await connection.dispose();
  }
});
