import { join } from "node:path";
import type { Server } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { protoPath as standardHealthProto } from "grpc-health-check";

/** The package's own folder of contract files, as far from `src/api` as from `dist/api`. */
const PROTO_FOLDER = join(__dirname, "..", "..", "proto");

const PROTO_FILES = ["tasks.proto", "workflows.proto", "executions.proto", "health.proto"];

/** Server reflection (v1 and v1alpha), so that `grpcurl` and its like need no files of ours. */
export function addReflection(server: Server): void {
  const definition = loadSync([...PROTO_FILES, standardHealthProto], { includeDirs: [PROTO_FOLDER] });
  new ReflectionService(definition).addToServer(server);
}
