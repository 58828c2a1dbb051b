import type { handleBidiStreamingCall, MethodDefinition, Server } from "@grpc/grpc-js";
import type { ReflectionMethod } from "./reflection-methods";

const VERSIONS = ["v1", "v1alpha"] as const;

/**
 * Server reflection, so that `grpcurl` and its like need no files of ours. What it tells is made when somebody asks first: that takes
 * 0.3 s, a tenth of the time in which a server starts, and most servers are never asked.
 */
export function addReflection(server: Server): void {
  let methods: ReadonlyMap<string, ReflectionMethod> | undefined;
  const methodAt = (path: string): ReflectionMethod => {
    methods ??= loadMethods();
    const method = methods.get(path);
    if (method === undefined) throw new Error(`the reflection service has no method ${path}`);
    return method;
  };
  for (const version of VERSIONS) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const definition: MethodDefinition<unknown, unknown> = {
      path,
      requestStream: true,
      responseStream: true,
      requestSerialize: (request) => methodAt(path).definition.requestSerialize(request),
      requestDeserialize: (bytes) => methodAt(path).definition.requestDeserialize(bytes),
      responseSerialize: (response) => methodAt(path).definition.responseSerialize(response),
      responseDeserialize: (bytes) => methodAt(path).definition.responseDeserialize(bytes),
    };
    const handle: handleBidiStreamingCall<unknown, unknown> = (call) =>
      (methodAt(path).handle as handleBidiStreamingCall<unknown, unknown>)(call);
    server.addService({ ServerReflectionInfo: definition }, { ServerReflectionInfo: handle });
  }
}

function loadMethods(): ReadonlyMap<string, ReflectionMethod> {
  const { reflectionMethods } = require("./reflection-methods") as typeof import("./reflection-methods");
  return reflectionMethods();
}
