import { z } from "zod";
import { parseDuration } from "../core/duration";
import type { JsonValue } from "../core/json";
import { isJsonObject } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { Problem } from "../definition/graph-types";
import { pointerTo } from "../definition/json-pointer";
import { schemaProblems } from "../definition/schema-problems";

/** What one attempt of a task, or a child run, comes to. Without `error` it completes with `output`, null where absent. */
export interface TaskMock {
  readonly output?: JsonValue;
  readonly error?: MockedError;
  /** Duration that it takes; no time where absent. */
  readonly after?: string;
}

export interface MockedError {
  readonly code: string;
  readonly message?: string;
  readonly details?: JsonValue;
  /** False for one that is not tried again, whatever the node's `retry` says. */
  readonly retryable?: boolean;
}

/** A person's answer to an approval. */
export interface AnswerMock {
  readonly approved: boolean;
  readonly by?: string;
  readonly comment?: string;
  readonly form?: JsonValue;
  /** Duration between the question and the answer. */
  readonly after?: string;
}

/** A message for a node of type `signal`. */
export interface MessageMock {
  readonly payload: JsonValue;
  /** Duration between the node's being entered and the message. */
  readonly after?: string;
}

export type Mock = TaskMock | AnswerMock | MessageMock;

/** A message at a time of its own, whatever waits for it. */
export interface TimedMessage {
  readonly name: string;
  readonly payload?: JsonValue;
  /** Duration from the start of the run. */
  readonly after?: string;
}

export interface TimedCancel {
  readonly after?: string;
  readonly reason?: string;
}

/**
 * Results by node id, or by instance id (`items[3]`, `poll#2`), which goes first. A list is for successive attempts and
 * iterations; its last entry holds for all that follow. Node ids never start with `$`.
 */
export interface Mocks {
  readonly [id: string]: Mock | readonly Mock[] | readonly TimedMessage[] | TimedCancel;
  readonly $messages?: readonly TimedMessage[];
  readonly $cancel?: TimedCancel;
}

/** Mocks that have been checked, apart by what they are. */
export interface CheckedMocks {
  readonly nodes: ReadonlyMap<string, readonly Mock[]>;
  readonly messages: readonly TimedMessage[];
  readonly cancel?: TimedCancel;
}

const after = z
  .string()
  .refine((text) => parseDuration(text).ok, { message: 'must be a duration such as "1500ms", "30s", "10m" or "7d"' })
  .optional();

const taskMock = z.strictObject({
  output: z.json().optional(),
  error: z
    .strictObject({
      code: z.string().min(1).max(64),
      message: z.string().optional(),
      details: z.json().optional(),
      retryable: z.boolean().optional(),
    })
    .optional(),
  after,
});
const answerMock = z.strictObject({
  approved: z.boolean(),
  by: z.string().optional(),
  comment: z.string().optional(),
  form: z.json().optional(),
  after,
});
const messageMock = z.strictObject({ payload: z.json(), after });
const messages = z.array(z.strictObject({ name: z.string(), payload: z.json().optional(), after }));
const cancel = z.strictObject({ after, reason: z.string().optional() });

/** What mocks of each kind of node look like; the other kinds run as they are. */
export const MOCK_KINDS = {
  task: { schema: taskMock, shape: "{output, after?} or {error: {code, message?}, after?}" },
  approval: { schema: answerMock, shape: "{approved, by?, comment?, form?, after?}" },
  signal: { schema: messageMock, shape: "{payload, after?}" },
} as const;

/** Mocks that are of no node. */
export const RUN_MOCKS: readonly string[] = ["$messages", "$cancel"];

export type MockKind = keyof typeof MOCK_KINDS;

/** Checks mocks as they stand in a file. `kindOf` says what a node or instance id takes, or why it takes none. */
export function parseMocks(
  value: JsonValue,
  kindOf: (id: string) => Result<MockKind, string>,
): Result<CheckedMocks, readonly Problem[]> {
  if (!isJsonObject(value)) return err([{ code: "FIELD_TYPE", pointer: "", message: "must be an object" }]);
  const problems: Problem[] = [];
  const nodes = new Map<string, readonly Mock[]>();
  for (const [id, given] of Object.entries(value)) {
    if (id === "$messages" || id === "$cancel") {
      problems.push(...shapeProblems(id === "$cancel" ? cancel : messages, given, pointerTo("", [id])));
      continue;
    }
    const kind = kindOf(id);
    if (!kind.ok) {
      problems.push({ code: "MOCK_UNKNOWN", pointer: pointerTo("", [id]), message: kind.error });
      continue;
    }
    const list = isList(given) ? given : [given];
    const found = list.flatMap((mock, index) =>
      mockProblems(kind.value, mock, pointerTo("", isList(given) ? [id, index] : [id])),
    );
    if (list.length === 0)
      found.push({ code: "FIELD_VALUE", pointer: pointerTo("", [id]), message: "must hold at least one mock" });
    problems.push(...found);
    if (found.length === 0) nodes.set(id, list as unknown as readonly Mock[]);
  }
  if (problems.length > 0) return err(problems);
  const { $messages = [], $cancel } = value as Mocks;
  return ok({ nodes, messages: $messages, ...($cancel === undefined ? {} : { cancel: $cancel }) });
}

function mockProblems(kind: MockKind, mock: JsonValue, pointer: string): Problem[] {
  const { schema, shape } = MOCK_KINDS[kind];
  return shapeProblems(schema, mock, pointer).map((problem) => ({
    ...problem,
    message: `${problem.message}; a mock of this node is ${shape}`,
  }));
}

function shapeProblems(schema: z.ZodType, value: JsonValue, pointer: string): readonly Problem[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : schemaProblems(schema, parsed.error.issues, value, pointer);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
