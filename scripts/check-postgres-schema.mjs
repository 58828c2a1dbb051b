/** `node scripts/check-postgres-schema.mjs URL`: fails when a migrated PostgreSQL database is not what the models say. */
import { PrismaPg } from "@prisma/adapter-pg";
import { readModels } from "./prisma-schema.mjs";
import { modelsTarget, openDiff, readPostgresSchema } from "./schema-engine.mjs";
import { runMain } from "./steps.mjs";

await runMain(async () => {
  const url = process.argv[2];
  if (url === undefined) throw new Error("usage: node scripts/check-postgres-schema.mjs URL");
  const actual = await readPostgresSchema(new PrismaPg({ connectionString: url, idleTimeoutMillis: 100 }));
  const diff = await openDiff();
  const drift = await diff(actual, modelsTarget("postgresql", readModels()));
  if (drift !== null) throw new Error(`the database is not what the models say; this is missing:\n${drift}`);
});
