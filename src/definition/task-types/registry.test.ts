import type { JsonObject, JsonValue } from "../../core/json";
import { checkAgainstSchema, checkSchema } from "../json-schema";
import { checkTemplatedConfig, parseTaskConfig, TASK_TYPE_NAMES, taskTypeSchema, taskTypeSummary } from "./registry";

function problemsOf(taskType: string, config: JsonValue): readonly string[] {
  const parsed = parseTaskConfig(taskType, config);
  return parsed.ok ? [] : parsed.error.map(({ pointer, message }) => `${pointer}: ${message}`);
}

function parsed(taskType: string, config: JsonObject) {
  const result = parseTaskConfig(taskType, config);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const known = TASK_TYPE_NAMES.join(", ");

describe("parseTaskConfig", () => {
  test("names the known task types where one is unknown", () => {
    expect(parseTaskConfig("htpp", {})).toEqual({
      ok: false,
      error: [
        {
          code: "TASK_TYPE_UNKNOWN",
          pointer: "",
          message: `unknown task type "htpp"; known are ${known}; did you mean 'http'?`,
          suggestion: "http",
        },
      ],
    });
    expect(problemsOf("constructor", {})).toEqual([`: unknown task type "constructor"; known are ${known}`]);
  });

  test("fills in the defaults of shell", () => {
    expect(parsed("shell", { argv: ["ls"] })).toEqual({
      config: { argv: ["ls"], success_exit_codes: [0] },
      options: {
        maxAttempts: 1,
        initialIntervalMs: 1_000,
        maxIntervalMs: 60_000,
        backoff: 2,
        nonRetryable: [],
        attemptTimeoutMs: 600_000,
        heartbeatTimeoutMs: 10_000,
      },
    });
  });

  test("fills in the defaults of http", () => {
    const { config, options } = parsed("http", { url: "http://localhost:8080/x" });
    expect(config).toEqual({
      url: "http://localhost:8080/x",
      method: "GET",
      expected_status: ["200-299"],
      follow_redirects: true,
    });
    expect(options.maxAttempts).toBe(3);
  });

  test("reads retry and timeout", () => {
    const retry = {
      max_attempts: 4,
      initial_interval: "500ms",
      max_interval: "2m",
      backoff: 1.5,
      non_retryable: ["TIMEOUT"],
    };
    const timeout = { attempt: "30s", total: "1h", heartbeat: "20s" };
    expect(parsed("shell", { command: "x", retry, timeout }).options).toEqual({
      maxAttempts: 4,
      initialIntervalMs: 500,
      maxIntervalMs: 120_000,
      backoff: 1.5,
      nonRetryable: ["TIMEOUT"],
      attemptTimeoutMs: 30_000,
      totalTimeoutMs: 3_600_000,
      heartbeatTimeoutMs: 20_000,
    });
    expect(parsed("shell", { command: "x", timeout: "1500ms" }).options.attemptTimeoutMs).toBe(1_500);
    expect(parsed("shell", { command: "x", retry: { initial_interval: "5m" } }).options.maxIntervalMs).toBe(300_000);
  });

  test("takes what it gave as it is", () => {
    const { config } = parsed("http", { url: "https://example.org", method: "POST", json: null });
    expect(parsed("http", config).config).toEqual(config);
  });

  test.each([
    ["shell", {}, ": needs command or argv"],
    ["shell", { command: "x", argv: ["x"] }, ": takes only one of command and argv"],
    ["shell", { comand: "x", command: "y" }, "/comand: unknown field 'comand'; did you mean 'command'?"],
    ["shell", { command: "" }, "/command: must have at least 1 characters"],
    ["shell", { command: "a\0b" }, "/command: must not hold a NUL character"],
    ["shell", { command: 7 }, "/command: must be a string"],
    ["shell", { argv: [] }, "/argv: must have at least 1 items"],
    ["shell", { argv: [""] }, "/argv: must start with a program"],
    ["shell", { command: "x", cwd: "/etc" }, "/cwd: must be relative: it is a folder inside the workspace"],
    ["shell", { command: "x", cwd: "a/../../b" }, "/cwd: must not leave the workspace by '..'"],
    ["shell", { command: "x", env: { A: 1 } }, "/env/A: must be a string"],
    [
      "shell",
      { command: "x", env: { "A=B": "1" } },
      "/env/A=B: must be the name of an environment variable, without '='",
    ],
    ["shell", { command: "x", success_exit_codes: [256] }, "/success_exit_codes/0: must be at most 255"],
    ["shell", { command: "x", timeout: "8d" }, "/timeout: an attempt must be from 1ms to 7d"],
    ["shell", { command: "x", timeout: 5 }, "/timeout: must be a string or an object"],
    ["shell", { command: "x", timeout: { heartbeat: "1s" } }, "/timeout/heartbeat: a heartbeat must be from 2s to 60m"],
    ["shell", { command: "x", retry: { max_attempts: 1.5 } }, "/retry/max_attempts: must be a whole number"],
    [
      "shell",
      { command: "x", retry: { initial_interval: "2s", max_interval: "1s" } },
      "/retry/max_interval: must not be shorter than initial_interval",
    ],
    ["http", {}, "/url: is required"],
    ["http", { url: "ftp://example.org" }, "/url: must be an http or https URL"],
    ["http", { url: "http://" }, "/url: must be an http or https URL"],
    ["http", { url: "http://u:p@example.org" }, "/url: must not hold a password; send an Authorization header"],
    [
      "http",
      { url: "http://h", method: "FETCH" },
      "/method: must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    ],
    [
      "http",
      { url: "http://h", method: "GETT" },
      "/method: must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS; did you mean 'GET'?",
    ],
    ["http", { url: "http://h", body: "x" }, "/method: GET and HEAD take no json and no body"],
    ["http", { url: "http://h", method: "POST", body: "x", json: 1 }, ": takes only one of json and body"],
    ["http", { url: "http://h", headers: { "a b": "x" } }, "/headers/a b: must be the name of a header"],
    ["http", { url: "http://h", headers: { a: "x\r\ny: z" } }, "/headers/a: must be one line of Latin-1 characters"],
    [
      "http",
      { url: "http://h", expected_status: ["299-200"] },
      '/expected_status/0: must be a range such as "200-299"',
    ],
    ["http", { url: "http://h", expected_status: [99] }, "/expected_status/0: must be at least 200"],
  ])("refuses %s %j", (taskType, config, problem) => {
    expect(problemsOf(taskType, config)).toEqual([problem]);
  });

  test("finds all problems at once", () => {
    expect(problemsOf("shell", { cwd: "/", timout: "1s", env: [] })).toHaveLength(4);
  });
});

describe("checkTemplatedConfig", () => {
  test("leaves to the run what is rendered there, and nothing else", () => {
    expect(checkTemplatedConfig("http", { url: "${{ input.url }}/x", expected_status: "${{ input.s }}" })).toEqual([]);
    expect(checkTemplatedConfig("http", { url: "${{ input.url }}", expected_status: "200" })).toHaveLength(1);
    expect(checkTemplatedConfig("http", { url: "$${{ literal", method: "${{ input.m }}" })).toEqual([]);
  });
});

describe("taskTypeSchema", () => {
  test.each(["shell", "http"])("gives a JSON Schema for %s that takes what the parser takes", (name) => {
    const schema = taskTypeSchema(name);
    expect(checkSchema(schema)).toEqual([]);
    expect(taskTypeSummary(name)).toMatch(/\.$/);
    const good: JsonObject =
      name === "shell" ? { command: "x", timeout: "1s" } : { url: "http://h", expected_status: [200] };
    expect(checkAgainstSchema(schema, good)).toEqual([]);
    expect(checkAgainstSchema(schema, { ...good, unknown: 1 })).toHaveLength(1);
    expect(checkAgainstSchema(schema, {})).not.toEqual([]);
  });

  test("says that command and argv exclude each other", () => {
    expect(checkAgainstSchema(taskTypeSchema("shell"), { command: "x", argv: ["x"] })).not.toEqual([]);
  });
});
