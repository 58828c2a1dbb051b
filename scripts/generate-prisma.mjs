/** The database clients of both providers, from the one set of models. Works without a network. */
import fs from "node:fs";
import path from "node:path";
import { PROVIDERS, readModels, schemaFor } from "./prisma-schema.mjs";
import { isProgram, ROOT, runMain, runNode, syncFolder, withScratchFolder } from "./steps.mjs";

export const PRISMA_OUT = "src/gen/prisma";

/** Writes `sqlite.prisma`, `sqlite/`, `postgresql.prisma` and `postgresql/` into `folder`. */
export async function generatePrisma(folder) {
  const models = readModels();
  for (const provider of PROVIDERS) {
    const schema = path.join(folder, `${provider}.prisma`);
    fs.writeFileSync(schema, schemaFor(provider, models));
    await runNode("prisma/build/index.js", ["generate", "--schema", schema, "--no-hints"], {
      // Generating needs no schema engine, but the command line wants to download one unless this names a program.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" },
    });
  }
  return folder;
}

if (isProgram(import.meta.url)) {
  await runMain(() =>
    withScratchFolder(async (folder) => syncFolder(await generatePrisma(folder), path.join(ROOT, PRISMA_OUT))),
  );
}
