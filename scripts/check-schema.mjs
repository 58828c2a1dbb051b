/**
 * Fails when prisma/models.prisma and the migrations differ, or the migrations of the two providers. Needs no server: for
 * PostgreSQL it compares what each migration was made from; tests/postgres compares a real database.
 */
import { PROVIDERS, readModels } from "./prisma-schema.mjs";
import { migrationNames, missingMigrations, modelsTarget, openDiff, sqliteMigrationsTarget } from "./schema-engine.mjs";
import { isProgram, runMain } from "./steps.mjs";

/** One sentence for each thing that is wrong. */
export async function schemaProblems() {
  const models = readModels();
  const diff = await openDiff();
  const problems = [];

  const native = models.match(/@db\.\w+/g);
  if (native !== null) problems.push(`prisma/models.prisma: ${native.join(", ")} exists in one kind of database only`);

  const missing = await missingMigrations(diff, models);
  for (const provider of PROVIDERS) {
    if (missing[provider] === null) continue;
    problems.push(
      `${provider}: no migration leads to the models (node scripts/make-migration.mjs NAME):\n${missing[provider]}`,
    );
  }

  const [first, ...others] = PROVIDERS.map((provider) => migrationNames(provider).join(", "));
  if (others.some((names) => names !== first))
    problems.push("prisma/migrations: the providers have different migrations");

  const drift = await diff(sqliteMigrationsTarget(), modelsTarget("sqlite", models));
  if (drift !== null)
    problems.push(`sqlite: the migrations do not make what the models say; this is missing:\n${drift}`);
  return problems;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    const problems = await schemaProblems();
    if (problems.length > 0) throw new Error(problems.join("\n"));
  });
}
