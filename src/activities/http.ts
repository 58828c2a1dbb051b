import { Agent, fetch, Headers, type Response } from "undici";
import type { JsonObject, JsonValue } from "../core/json";
import type { HttpConfig } from "../definition/task-types/http";
import { decodeBody, readBody } from "./http-body";
import { retryAfterMs } from "./retry-after";
import { type Runner, type RunnerContext, RunnerError } from "./runner";

/** Of a body that came with a status that was not expected, this much stands in the failure's details. */
const MAX_DETAIL_LENGTH = 16 * 1024;

/**
 * Without undici's own limits of 5 minutes for a response's head and for silence within its body: how long an attempt may
 * take is for the task to say. Node's built-in `fetch` is the same code, but cannot be told so.
 */
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

/** Node's codes for a server that cannot prove who it is: another attempt would find the same. */
const CERTIFICATE_ERROR = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|HOSTNAME_MISMATCH)/;

/** What undici says, without a code, of a request that no other attempt can mend. */
const HOPELESS = new Set(["redirect count exceeded", "bad port", "unknown scheme"]);

/**
 * Sends one HTTP request. Output `{status, headers, body}`: header names in lower case, `body` parsed where the response is
 * JSON, text where it is text, else base64 with `body_encoding: "base64"`; at most 1 MiB, otherwise OUTPUT_TOO_LARGE.
 * Throws HTTP_STATUS (details `{status, headers, body}`), retryable for 429 and 5xx and then after the response's
 * `Retry-After`; HTTP_CONNECTION, retryable unless the certificate or the request is what is wrong.
 */
export function createHttpRunner(): Runner<HttpConfig> {
  return {
    taskType: "http",
    async run(config, context) {
      const label = `${config.method} ${withoutSecrets(config.url)}`;
      const { response, bytes } = await request(config, context, label);
      const output: JsonObject = {
        status: response.status,
        headers: headersIn(response),
        ...decodeBody(bytes, response.headers.get("content-type")),
      };
      if (isExpected(response.status, config.expected_status)) return output;
      throw unexpectedStatus(response, output, label);
    },
  };
}

async function request(config: HttpConfig, context: RunnerContext, label: string) {
  try {
    const response = await fetch(config.url, {
      method: config.method,
      headers: headersOf(config),
      body: config.json === undefined ? (config.body ?? null) : JSON.stringify(config.json),
      redirect: config.follow_redirects ? "follow" : "manual",
      signal: context.signal,
      dispatcher: agent,
    });
    return { response, bytes: await readBody(response) };
  } catch (error) {
    context.signal.throwIfAborted();
    throw isRunnerError(error) ? error : connectionError(error, label);
  }
}

function isRunnerError(error: unknown): boolean {
  return error instanceof Error && error.name === "RunnerError";
}

function headersOf({ headers, json }: HttpConfig): Headers {
  const result = new Headers(headers ?? {});
  if (json !== undefined && !result.has("content-type")) result.set("content-type", "application/json");
  if (!result.has("user-agent")) result.set("user-agent", "aco");
  return result;
}

/** Scheme, host and path: the rest of a URL may hold passwords and tokens. */
function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** A name that came more than once has all of its values; undici gives `set-cookie`, and only that, one by one. */
function headersIn({ headers }: Response): JsonObject {
  return Object.fromEntries([...headers.keys()].map((name) => [name, headers.get(name) ?? ""]));
}

function isExpected(status: number, expected: HttpConfig["expected_status"]): boolean {
  return expected.some((each) => {
    if (typeof each === "number") return each === status;
    const [from = "", to = from] = each.split("-");
    return Number(from) <= status && status <= Number(to);
  });
}

function unexpectedStatus(response: Response, output: JsonObject, label: string): RunnerError {
  const { status, statusText } = response;
  const retryable = status === 429 || status >= 500;
  const waitMs = retryable ? retryAfterMs(response.headers.get("retry-after"), Date.now()) : undefined;
  return new RunnerError("HTTP_STATUS", `${label}: ${`${status} ${statusText}`.trimEnd()}`, {
    retryable,
    details: shortened(output),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

function shortened(output: JsonObject): JsonObject {
  const body: JsonValue = output["body"] ?? null;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  if (text.length <= MAX_DETAIL_LENGTH) return output;
  return { ...output, body: text.slice(0, MAX_DETAIL_LENGTH), body_truncated: true };
}

/** What `fetch` throws says little; its cause has the system's error. Neither holds the URL. */
function connectionError(error: unknown, label: string): RunnerError {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const codeText = typeof code === "string" ? code : "";
  const reason = [typeof message === "string" ? message : "", codeText].find((text) => text !== "") ?? "no connection";
  const says = codeText === "" || reason.includes(codeText) ? reason : `${reason} (${codeText})`;
  const retryable = !CERTIFICATE_ERROR.test(codeText) && !HOPELESS.has(reason);
  return new RunnerError("HTTP_CONNECTION", `${label}: ${says}`, { retryable, cause: error });
}
