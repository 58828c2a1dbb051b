import { join } from "node:path";
import { createFileRegistry, fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ListTasksRequest } from "../../src/gen/proto/tasks";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

interface Answer {
  readonly list_services_response: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response: { readonly file_descriptor_proto: readonly Buffer[] };
}

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
});
afterAll(() => test.close());

/** Asks as grpcurl does. */
function connectReflection(version: string) {
  const folder = join(require.resolve("@grpc/reflection/package.json"), "..", "build", "proto");
  const definition = loadSync(join(folder, "grpc", "reflection", version, "reflection.proto"), { keepCase: true });
  const tree = loadPackageDefinition(definition) as unknown as {
    grpc: { reflection: Record<string, { ServerReflection: ServiceClientConstructor }> };
  };
  const Reflection = tree.grpc.reflection[version]?.ServerReflection;
  if (Reflection === undefined) throw new Error(`no reflection ${version}`);
  const client = new Reflection(test.api.address, credentials.createInsecure());
  const call: ClientDuplexStream<object, Answer> = client["ServerReflectionInfo"]?.();
  return {
    ask: (question: object) =>
      new Promise<Answer>((resolve) => {
        call.once("data", resolve);
        call.write(question);
      }),
    close: () => {
      call.end();
      client.close();
    },
  };
}

describe.each(["v1", "v1alpha"])("server reflection %s", (version) => {
  it("lists every service", async () => {
    const reflection = connectReflection(version);
    const { list_services_response } = await reflection.ask({ list_services: "" });
    expect(list_services_response.service.map(({ name }) => name).sort()).toEqual([
      "grpc.health.v1.Health",
      "orchestrator.executions.ExecutionService",
      "orchestrator.health.HealthService",
      "orchestrator.reactions.ReactionService",
      "orchestrator.schedules.ScheduleService",
      "orchestrator.tasks.TaskService",
      "orchestrator.webhooks.WebhookService",
      "orchestrator.workflows.WorkflowService",
    ]);
    reflection.close();
  });

  it("describes messages so that a client without our files can call", async () => {
    const reflection = connectReflection(version);
    const file = [];
    for (const symbol of [
      "orchestrator.tasks.TaskService.ExecuteTask",
      "orchestrator.workflows.WorkflowEvent",
      "orchestrator.executions.ExecutionService",
      "orchestrator.health.HealthCheckResponse",
      "grpc.health.v1.Health",
      "google.rpc.BadRequest",
    ]) {
      const { file_descriptor_response } = await reflection.ask({ file_containing_symbol: symbol });
      const [bytes] = file_descriptor_response.file_descriptor_proto;
      if (bytes === undefined) throw new Error(`${symbol} is unknown`);
      file.push(fromBinary(FileDescriptorProtoSchema, bytes));
    }
    const registry = createFileRegistry({ $typeName: FileDescriptorSetSchema.typeName, file });
    const request = registry.getMessage("orchestrator.tasks.ListTasksRequest");
    if (request === undefined) throw new Error("there is no ListTasksRequest");
    // JSON names, and `optional`: a present 0 is sent.
    const bytes = toBinary(request, fromJson(request, { limit: 0, taskType: "shell" }));
    expect(ListTasksRequest.decode(bytes)).toMatchObject({ limit: 0, taskType: "shell", offset: undefined });
    expect(registry.getMessage("orchestrator.health.HealthCheckResponse")?.field["metadata"]?.fieldKind).toBe("map");
    expect(registry.getMessage("google.rpc.BadRequest")?.field["fieldViolations"]?.fieldKind).toBe("list");
    reflection.close();
  });
});
