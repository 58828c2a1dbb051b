/**
 * Writes src/gen: the wire's messages and stubs from proto/, and the database clients from prisma/.
 * `npm run generate [-- --force]`; also the first part of every build, skipped while its inputs are unchanged.
 */
import fs from "node:fs";
import path from "node:path";
import {
  filesUnder,
  isProgram,
  ROOT,
  runMain,
  runNode,
  runStep,
  syncFolder,
  withBuildLock,
  withScratchFolder,
} from "./steps.mjs";

/** A new version of a generator, or of anything else that is installed, generates anew. */
const TOOLS = ["package-lock.json", "scripts/generate.mjs", "scripts/steps.mjs"];

const PROTO_OUT = "src/gen/proto";
const PRISMA_OUT = "src/gen/prisma";

/** The `src/gen/proto` of the present proto/ files, written to `folder`. */
export async function generateProto(folder) {
  await runNode("@bufbuild/buf/bin/buf", ["generate", "--output", folder]);
  return path.join(folder, PROTO_OUT);
}

/** One Prisma schema for each kind of database: those that declare a generator. */
function prismaSchemas() {
  const declaresClient = (file) => /^generator\s/m.test(fs.readFileSync(path.join(ROOT, file), "utf8"));
  return filesUnder("prisma").filter((file) => file.endsWith(".prisma") && declaresClient(file));
}

async function generatePrisma() {
  for (const schema of prismaSchemas()) {
    await runNode("prisma/build/index.js", ["generate", "--schema", schema, "--no-hints"], {
      // Generating needs no schema engine, but the command line wants to download one unless this names a program.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" },
    });
  }
}

/** The caller holds the build lock. */
export async function generate({ force = false } = {}) {
  await runStep({
    name: "proto",
    force,
    inputs: () => [...filesUnder("proto"), "buf.yaml", "buf.gen.yaml", ...TOOLS],
    outputs: () => filesUnder(PROTO_OUT),
    run: () => withScratchFolder(async (folder) => syncFolder(await generateProto(folder), path.join(ROOT, PROTO_OUT))),
  });
  await runStep({
    name: "prisma",
    force,
    inputs: () => [...filesUnder("prisma").filter((file) => file.endsWith(".prisma")), ...TOOLS],
    outputs: () => filesUnder(PRISMA_OUT),
    run: generatePrisma,
  });
}

if (isProgram(import.meta.url)) {
  await runMain(() => withBuildLock(() => generate({ force: process.argv.includes("--force") })));
}
