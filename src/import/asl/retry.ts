import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { RetryConfig, TimeoutConfig } from "../../definition/graph-types";
import { pointerTo } from "../../definition/json-pointer";
import type { Issues } from "../issues";
import { refuseUnknown } from "../unknown-fields";
import { codesOf, isOfAws } from "./error-names";

/** Names of errors after which all or nearly all failures are tried again. */
const BROAD = ["States.ALL", "States.TaskFailed"];
const MAX_ATTEMPTS = 1_000;
const MAX_INTERVAL_S = 86_400;

/**
 * `Retry` of a Task. Without one, ASL tries once, whatever the task type would do. Ours has one policy for all errors but some, so only
 * what can be said so is taken over.
 */
export function retryOf(retry: JsonValue | undefined, pointer: string, issues: Issues): RetryConfig {
  if (retry === undefined) return { max_attempts: 1 };
  if (!Array.isArray(retry)) {
    issues.problem("FIELD_TYPE", pointer, "must be a list of retriers");
    return {};
  }
  const never: string[] = [];
  let policy: RetryConfig | undefined;
  for (const [index, retrier] of retry.entries() as IterableIterator<[number, JsonValue]>) {
    const at = pointerTo(pointer, [index]);
    if (!isJsonObject(retrier)) {
      issues.problem("FIELD_TYPE", at, "must be a retrier");
      continue;
    }
    const names = namesOf(retrier, at, issues);
    if (names.length > 0 && names.every(isOfAws)) {
      issues.note("RETRIER_LEFT_OUT", at, `left out: nothing here fails with ${names.join(", ")}`);
      continue;
    }
    if (retrier["MaxAttempts"] === 0) {
      never.push(...neverOf(names, at, issues));
      continue;
    }
    if (policy !== undefined) {
      issues.problem("NOT_MAPPED", at, "a task has one retry policy; bring the retriers down to one that tries again");
      continue;
    }
    policy = policyOf(retrier, names, at, issues);
    if (!names.includes("States.ALL") && names.includes("States.TaskFailed")) never.push("TIMEOUT");
  }
  return { ...(policy ?? { max_attempts: 1 }), ...(never.length === 0 ? {} : { non_retryable: [...new Set(never)] }) };
}

function neverOf(names: readonly string[], pointer: string, issues: Issues): readonly string[] {
  if (names.some((name) => BROAD.includes(name))) {
    issues.note("RETRIER_LEFT_OUT", pointer, "left out: it never tries again, which is so without it");
    return [];
  }
  return names.filter((name) => !isOfAws(name)).flatMap(codesOf);
}

const RETRIER_FIELDS = [
  "ErrorEquals",
  "MaxAttempts",
  "IntervalSeconds",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
  "Comment",
];

function policyOf(retrier: JsonObject, names: readonly string[], pointer: string, issues: Issues): RetryConfig {
  if (!names.some((name) => BROAD.includes(name)))
    issues.problem(
      "NOT_MAPPED",
      pointerTo(pointer, ["ErrorEquals"]),
      `retry of ${names.join(", ")} only has no counterpart: a task is tried again after all errors but those in non_retryable. Use States.ALL, and retriers with MaxAttempts 0 before it`,
    );
  const read = (name: string, otherwise: number) => numberOf(retrier, name, otherwise, pointer, issues);
  const attempts = Math.min(MAX_ATTEMPTS, read("MaxAttempts", 3) + 1);
  const first = read("IntervalSeconds", 1);
  const backoff = read("BackoffRate", 2);
  const longest = read("MaxDelaySeconds", Math.min(MAX_INTERVAL_S, first * backoff ** Math.max(0, attempts - 2)));
  if (retrier["JitterStrategy"] === "FULL")
    issues.note("LEFT_OUT", pointerTo(pointer, ["JitterStrategy"]), "left out: waits between attempts are not spread");
  refuseUnknown(retrier, RETRIER_FIELDS, pointer, issues);
  return {
    max_attempts: attempts,
    initial_interval: `${first}s`,
    backoff,
    max_interval: `${Math.max(first, Number(longest.toFixed(3)))}s`,
  };
}

function numberOf(source: JsonObject, name: string, otherwise: number, pointer: string, issues: Issues): number {
  const value = source[name];
  if (value === undefined) return otherwise;
  if (typeof value === "number") return value;
  issues.problem("NOT_MAPPED", pointerTo(pointer, [name]), "must be a number: a computed one has no counterpart");
  return otherwise;
}

/** The names of a retrier's or catcher's ErrorEquals. */
export function namesOf(source: JsonObject, pointer: string, issues: Issues): readonly string[] {
  const { ErrorEquals: names } = source;
  if (Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string")) return names;
  issues.problem("FIELD_TYPE", pointerTo(pointer, ["ErrorEquals"]), "must be a list of names of errors");
  return ["States.ALL"];
}

const MIN_HEARTBEAT_S = 2;
const MAX_HEARTBEAT_S = 3_600;

/** `TimeoutSeconds` and `HeartbeatSeconds`, which are of one attempt here as there. */
export function timeoutOf(state: JsonObject, pointer: string, issues: Issues): TimeoutConfig | undefined {
  const seconds = (name: string): number | undefined => {
    const value = state[name];
    if (value === undefined || typeof value === "number") return value;
    issues.problem("NOT_MAPPED", pointerTo(pointer, [name]), "must be a number: a computed timeout has no counterpart");
    return undefined;
  };
  for (const name of ["TimeoutSecondsPath", "HeartbeatSecondsPath"])
    if (name in state)
      issues.problem("NOT_MAPPED", pointerTo(pointer, [name]), "a computed timeout has no counterpart; write a number");
  const attempt = seconds("TimeoutSeconds");
  const beat = seconds("HeartbeatSeconds");
  const heartbeat = beat === undefined ? undefined : Math.min(MAX_HEARTBEAT_S, Math.max(MIN_HEARTBEAT_S, beat));
  if (heartbeat !== beat)
    issues.note("CHANGED", pointerTo(pointer, ["HeartbeatSeconds"]), `${heartbeat}s: a heartbeat is from 2s to 1h`);
  if (attempt === undefined && heartbeat === undefined) return undefined;
  return {
    ...(attempt === undefined ? {} : { attempt: `${attempt}s` }),
    ...(heartbeat === undefined ? {} : { heartbeat: `${heartbeat}s` }),
  };
}
