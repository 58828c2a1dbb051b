import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { MethodDefinition, Server, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { protoPath as standardHealthProto } from "grpc-health-check";
import { badRequestFile } from "./bad-request-file";
import { mendFile } from "./mend-descriptors";

/** The package's own folder of contract files, as far from `src/api` as from `dist/api`. */
const PROTO_FOLDER = join(__dirname, "..", "..", "proto");

const PROTO_FILES = [
  "tasks.proto",
  "workflows.proto",
  "executions.proto",
  "schedules.proto",
  "reactions.proto",
  "webhooks.proto",
  "health.proto",
];

/** A method as `Server.addService` takes it. */
export interface ReflectionMethod {
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly handle: UntypedServiceImplementation[string];
}

/** The methods of all versions of server reflection, by their paths. */
export function reflectionMethods(): ReadonlyMap<string, ReflectionMethod> {
  const methods = new Map<string, ReflectionMethod>();
  const addService = (service: ServiceDefinition, implementation: UntypedServiceImplementation) => {
    for (const [name, definition] of Object.entries(service)) {
      const handle = implementation[name] ?? implementation[definition.originalName ?? ""];
      if (handle !== undefined) methods.set(definition.path, { definition, handle });
    }
  };
  // All that it asks of a server.
  describedService().addToServer({ addService } as Pick<Server, "addService"> as Server);
  return methods;
}

function describedService(): ReflectionService {
  const loaded = loadSync([...PROTO_FILES, standardHealthProto], { includeDirs: [PROTO_FOLDER], keepCase: true });
  const files = [...fileDescriptors(loaded), badRequestFile()];
  const fileDescriptorProtos = files.map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
  // The service reads nothing of a definition but the descriptors, so one entry can carry them all.
  const [entry] = Object.values(loaded);
  if (entry === undefined) throw new Error("the contract files are empty");
  return new ReflectionService({ files: { ...entry, fileDescriptorProtos } } as PackageDefinition);
}

/** Each loaded file once, mended. */
function fileDescriptors(loaded: PackageDefinition): readonly FileDescriptorProto[] {
  const files = new Map<string, FileDescriptorProto>();
  for (const definition of Object.values(loaded)) {
    if (!("fileDescriptorProtos" in definition) || !Array.isArray(definition.fileDescriptorProtos)) continue;
    for (const bytes of definition.fileDescriptorProtos as Buffer[]) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      files.set(file.name, file);
    }
  }
  for (const file of files.values()) mendFile(file);
  return [...files.values()];
}
