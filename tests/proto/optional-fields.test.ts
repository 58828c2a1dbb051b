import { type DescriptorProto, type FieldDescriptorProto, FieldDescriptorProto_Type } from "@bufbuild/protobuf/wkt";
import * as executions from "../../src/gen/proto/executions";
import * as health from "../../src/gen/proto/health";
import * as reactions from "../../src/gen/proto/reactions";
import * as schedules from "../../src/gen/proto/schedules";
import * as tasks from "../../src/gen/proto/tasks";
import * as webhooks from "../../src/gen/proto/webhooks";
import * as workflows from "../../src/gen/proto/workflows";
import { CONTRACT_FILES, describeProtos, descriptorOf } from "./describe-protos";

/** The part of a generated message's codec that a test needs, without its type. */
interface Codec {
  create(fields: Readonly<Record<string, unknown>>): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Readonly<Record<string, unknown>>;
}

const CODECS: Readonly<Record<string, unknown>> = {
  ...tasks,
  ...workflows,
  ...health,
  ...executions,
  ...schedules,
  ...reactions,
  ...webhooks,
};

function codecOf(message: string): Codec {
  const codec = CODECS[message];
  if (typeof codec !== "object" || codec === null) throw new Error(`no codec was generated for ${message}`);
  return codec as Codec;
}

/** What an empty value of a scalar's type looks like; optional fields are texts, numbers, enums and truth values. */
function emptyValueOf(field: FieldDescriptorProto): string | number | boolean {
  if (field.type === FieldDescriptorProto_Type.BOOL) return false;
  return field.type === FieldDescriptorProto_Type.STRING ? "" : 0;
}

const protos = describeProtos();
const messages: readonly DescriptorProto[] = [...protos.values()].flatMap((file) => file.messageType);
const fields = messages.flatMap((message) => message.field.map((field) => ({ message: message.name, field })));
const optionalFields = fields.filter(({ field }) => field.proto3Optional);

test("the contract's optional fields are these", () => {
  const ofContract = CONTRACT_FILES.flatMap((name) => descriptorOf(name, protos).messageType);
  const optional = ofContract.map(({ name, field }) => [
    name,
    field.filter((f) => f.proto3Optional).map((f) => f.name),
  ]);
  expect(Object.fromEntries(optional.filter(([, names]) => names?.length))).toEqual({
    Task: ["started_at", "completed_at", "error"],
    CreateTaskRequest: ["config", "metadata", "workspace_path"],
    ListTasksRequest: ["limit", "offset", "status", "task_type"],
    UpdateTaskRequest: ["title", "description", "status", "config", "metadata"],
    ExecuteTaskRequest: ["config_override"],
    ExecutionEvent: ["data", "error"],
    ListWorkflowsRequest: ["limit", "offset", "status"],
    UpdateWorkflowRequest: ["name", "description", "definition", "status"],
    ExecuteWorkflowRequest: ["input"],
    WorkflowEvent: ["data", "current_node", "error"],
  });
});

describe("an optional field tells absent from empty", () => {
  test.each(optionalFields.map(({ message, field }) => [`${message}.${field.name}`, message, field] as const))(
    "%s",
    (_name, message, field) => {
      const codec = codecOf(message);
      const empty = emptyValueOf(field);

      const absent = codec.encode(codec.create({})).finish();
      const present = codec.encode(codec.create({ [field.jsonName]: empty })).finish();

      expect(absent).toHaveLength(0);
      expect(present.length).toBeGreaterThan(0);
      expect(codec.decode(absent)[field.jsonName]).toBeUndefined();
      expect(codec.decode(present)[field.jsonName]).toBe(empty);
    },
  );
});

test("a field that is not optional is absent from the wire when empty, and decodes as empty", () => {
  const plain = fields.filter(({ message, field }) => message === "Task" && !field.proto3Optional);
  const bytes = tasks.Task.encode(tasks.Task.create({})).finish();
  const decoded: Readonly<Record<string, unknown>> = { ...tasks.Task.decode(bytes) };
  expect(bytes).toHaveLength(0);
  expect(plain.map(({ field }) => decoded[field.jsonName])).toEqual(plain.map(({ field }) => emptyValueOf(field)));
});
