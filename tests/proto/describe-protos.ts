import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { REPOSITORY } from "../repository";

const BUF = path.join(REPOSITORY, "node_modules/@bufbuild/buf/bin/buf");
export const CONTRACT_FILES = ["tasks.proto", "workflows.proto", "health.proto"] as const;

/** The descriptors of proto/, by file name, with comments. */
export function describeProtos(): ReadonlyMap<string, FileDescriptorProto> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-descriptors-"));
  try {
    const image = path.join(folder, "image.binpb");
    execFileSync(process.execPath, [BUF, "build", "proto", "--as-file-descriptor-set", "--output", image], {
      cwd: REPOSITORY,
    });
    const { file } = fromBinary(FileDescriptorSetSchema, fs.readFileSync(image));
    return new Map(file.map((descriptor) => [descriptor.name, descriptor]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The descriptor of one file of proto/; throws where there is none. */
export function descriptorOf(file: string, all: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto {
  const descriptor = all.get(file);
  if (descriptor === undefined) throw new Error(`proto/${file} is missing`);
  return descriptor;
}
