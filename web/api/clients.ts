import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ExecutionService } from "../../src/gen/connect/executions_pb";
import { ScheduleService } from "../../src/gen/connect/schedules_pb";
import { TaskService } from "../../src/gen/connect/tasks_pb";
import { WorkflowService } from "../../src/gen/connect/workflows_pb";

const transport = createGrpcWebTransport({ baseUrl: location.origin });

export const executions = createClient(ExecutionService, transport);
export const schedules = createClient(ScheduleService, transport);
export const tasks = createClient(TaskService, transport);
export const workflows = createClient(WorkflowService, transport);

/** Of a call that is not a stream; above what the API itself gives Temporal. */
export const CALL = { timeoutMs: 20_000 } as const;

/** One field that the server refused, and why. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

/** Why a call failed, for a person. */
export function errorText(error: unknown): string {
  const { rawMessage, code } = ConnectError.from(error);
  if (isAway(error)) return "The server cannot be reached.";
  const violations = violationsOf(error).map(({ field, description }) => `${field}: ${description}`);
  return violations.length === 0 ? rawMessage || Code[code] : violations.join("; ");
}

/** Whether the same call may succeed later: nobody answered, or the one who did was about to stop. */
export function isAway(error: unknown): boolean {
  const { code, cause } = ConnectError.from(error);
  return code === Code.Unavailable || (code === Code.Unknown && cause instanceof TypeError);
}

/** Of `google.rpc.BadRequest`. */
export function violationsOf(error: unknown): readonly Violation[] {
  return ConnectError.from(error).details.flatMap((detail) =>
    "type" in detail && detail.type === "google.rpc.BadRequest" ? readBadRequest(detail.value) : [],
  );
}

/** `repeated FieldViolation field_violations = 1`, each with `string field = 1` and `string description = 2`. */
function readBadRequest(bytes: Uint8Array): readonly Violation[] {
  return messagesIn(bytes).map(([, value]) => {
    const texts = new Map(messagesIn(value).map(([number, text]) => [number, new TextDecoder().decode(text)]));
    return { field: texts.get(1) ?? "", description: texts.get(2) ?? "" };
  });
}

/** The length-delimited fields of a message that has no others. */
function messagesIn(bytes: Uint8Array): readonly (readonly [number: number, value: Uint8Array])[] {
  const reader = new BinaryReader(bytes);
  const fields: [number, Uint8Array][] = [];
  while (reader.pos < reader.len) {
    const [number] = reader.tag();
    fields.push([number, reader.bytes()]);
  }
  return fields;
}
