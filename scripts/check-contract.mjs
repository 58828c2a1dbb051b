/**
 * Fails when tasks.proto, workflows.proto or health.proto differ from the contract that existing clients compile against
 * (tests/proto/contract) in anything but comments. `node scripts/check-contract.mjs [FOLDER]`, by default `proto`.
 */
import fs from "node:fs";
import path from "node:path";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { isProgram, runMain, runNode, withScratchFolder } from "./steps.mjs";

const CONTRACT = "tests/proto/contract";
const BUF = "@bufbuild/buf/bin/buf";

/** The descriptors of a folder's .proto files by name, as JSON, without comments and positions. */
async function describe(folder, scratch) {
  const image = path.join(scratch, `${path.basename(folder)}.binpb`);
  await runNode(BUF, ["build", folder, "--as-file-descriptor-set", "--exclude-source-info", "--output", image]);
  const { file } = fromBinary(FileDescriptorSetSchema, fs.readFileSync(image));
  return new Map(
    file.map((descriptor) => [descriptor.name, toJson(FileDescriptorSetSchema.field.file.message, descriptor)]),
  );
}

/** Where two JSON values first differ, as a path of keys; undefined where they do not. Names stand in for list indices. */
function firstDifference(expected, actual, at = "") {
  if (Object.is(expected, actual)) return undefined;
  const areObjects = [expected, actual].every((value) => typeof value === "object" && value !== null);
  if (!areObjects) return `${at}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const name = expected[key]?.name ?? actual[key]?.name ?? key;
    const difference = firstDifference(expected[key], actual[key], `${at}/${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** One line for each file that differs, and what `buf breaking` says on top. Empty when the contract holds. */
export async function contractDifferences(folder) {
  return withScratchFolder(async (scratch) => {
    const breaking = runNode(BUF, ["breaking", folder, "--against", CONTRACT]).then(
      () => [],
      (error) => [error.message],
    );
    const [expected, actual] = await Promise.all([describe(CONTRACT, scratch), describe(folder, scratch)]);
    const differences = [...expected].flatMap(([name, descriptor]) => {
      const found = actual.get(name);
      const difference = found === undefined ? ": is missing" : firstDifference(descriptor, found);
      return difference === undefined ? [] : [`${name}${difference}`];
    });
    return [...differences, ...(await breaking)];
  });
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    const differences = await contractDifferences(process.argv[2] ?? "proto");
    if (differences.length > 0) throw new Error(differences.join("\n"));
  });
}
