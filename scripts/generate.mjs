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
  requireInstalled,
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

/** Of ts-proto for gRPC, and of protobuf-es for the browser. */
const PROTO_OUTS = ["src/gen/proto", "src/gen/connect"];

/** Writes both of the present proto/ files to `folder`. */
async function generateProto(folder) {
  await runNode("@bufbuild/buf/bin/buf", ["generate", "--output", folder]);
  for (const out of PROTO_OUTS) syncFolder(path.join(folder, out), path.join(ROOT, out));
}

/** The caller holds the build lock. */
export async function generate({ force = false } = {}) {
  requireInstalled();
  await runStep({
    name: "proto",
    force,
    inputs: () => [...filesUnder("proto"), "buf.yaml", "buf.gen.yaml", ...TOOLS],
    outputs: () => PROTO_OUTS.flatMap(filesUnder),
    run: () => withScratchFolder(generateProto),
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
