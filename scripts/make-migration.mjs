/**
 * `node scripts/make-migration.mjs NAME`: writes the SQL that leads from the newest migration to prisma/models.prisma, for
 * every provider. Read it before committing it: the engine knows columns, not what the data in them means.
 */
import fs from "node:fs";
import path from "node:path";
import { PROVIDERS, readModels } from "./prisma-schema.mjs";
import { MIGRATIONS, migrationNames, missingMigrations, openDiff, SNAPSHOT_FILE } from "./schema-engine.mjs";
import { ROOT, runMain } from "./steps.mjs";

/** The store splits a script at its semicolons, so none may stand in a string or in a comment. */
function checkScript(script, file) {
  if (/'[^'\n]*;[^'\n]*'|--.*;/.test(script)) throw new Error(`${file}: a semicolon in a string or a comment`);
}

await runMain(async () => {
  const name = process.argv[2];
  if (name === undefined || !/^[a-z0-9_]{1,60}$/.test(name)) {
    throw new Error("usage: node scripts/make-migration.mjs NAME (lower-case letters, digits and _)");
  }
  const models = readModels();
  const scripts = await missingMigrations(await openDiff(), models);
  if (Object.values(scripts).every((script) => script === null)) {
    console.log("The models are what the newest migration leaves behind.");
    return;
  }
  const number = String(migrationNames("sqlite").length + 1).padStart(4, "0");
  for (const provider of PROVIDERS) {
    const folder = path.join(MIGRATIONS, provider, `${number}_${name}`);
    const file = path.join(folder, "migration.sql");
    const script = scripts[provider] ?? "-- Nothing changes in this kind of database.\n";
    checkScript(script, file);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, script);
    console.log(path.relative(ROOT, file));
  }
  fs.writeFileSync(SNAPSHOT_FILE, models);
});
