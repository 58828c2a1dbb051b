import type { JsonObject } from "../core/json";
import type { NodeTypes } from "./nodes/node-kind";
import { ANY, BOOL, closedObject, mapOf, NUMBER, STRING, type ValueType } from "./types/value-type";

const SHELL = closedObject({
  exit_code: NUMBER,
  stdout: STRING,
  stderr: STRING,
  stdout_truncated: BOOL,
  stderr_truncated: BOOL,
});

const HTTP = closedObject({ status: NUMBER, headers: mapOf(STRING), body: ANY, body_encoding: STRING });

/** What the runner of a task type gives, as far as `docs/task-types.md` promises it; `any` for types that are not known here. */
export function taskOutputType(taskType: string, config: JsonObject, types: NodeTypes): ValueType {
  switch (taskType) {
    case "shell":
      return SHELL;
    case "http":
      return HTTP;
    case "noop":
      return types.template(config["output"] ?? null);
    default:
      return ANY;
  }
}
