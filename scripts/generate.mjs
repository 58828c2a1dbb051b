/**
 * Writes src/gen: the wire's messages and stubs from proto/, and the database clients from prisma/.
 * `npm run generate [-- --force]`; also the first part of every build, skipped while its inputs are unchanged.
 */
import path from "node:path";
import { generatePrisma, PRISMA_OUT } from "./generate-prisma.mjs";
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
const TOOLS = [
  "package-lock.json",
  "scripts/generate.mjs",
  "scripts/generate-prisma.mjs",
  "scripts/prisma-schema.mjs",
  "scripts/steps.mjs",
];

const PROTO_OUT = "src/gen/proto";

/** The `src/gen/proto` of the present proto/ files, written to `folder`. */
export async function generateProto(folder) {
  await runNode("@bufbuild/buf/bin/buf", ["generate", "--output", folder]);
  return path.join(folder, PROTO_OUT);
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
    inputs: () => ["prisma/models.prisma", ...TOOLS],
    outputs: () => filesUnder(PRISMA_OUT),
    run: () =>
      withScratchFolder(async (folder) => syncFolder(await generatePrisma(folder), path.join(ROOT, PRISMA_OUT))),
  });
}

if (isProgram(import.meta.url)) {
  await runMain(() => withBuildLock(() => generate({ force: process.argv.includes("--force") })));
}
