import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ConfigError, isConfigError, readClientConfig, readServerConfig } from "./config";

const HOME = { HOME: "/home/ada" };

function refusal(read: () => unknown): ConfigError {
  try {
    read();
  } catch (error) {
    if (isConfigError(error)) return error;
  }
  throw new Error("was not refused");
}

describe("the server's configuration", () => {
  it("has a default for everything", () => {
    expect(readServerConfig({}, HOME)).toEqual({
      listen: { host: "127.0.0.1", port: 50051 },
      callbackAllow: [],
      callbackSecret: "",
      webhookListen: null,
      dataDir: "/home/ada/.local/share/aco",
      databaseUrl: "file:/home/ada/.local/share/aco/aco.db",
      temporal: { address: "127.0.0.1:7233", namespace: "default" },
      embedded: {
        port: 7233,
        uiPort: 8233,
        retentionMs: 30 * 24 * 3_600_000,
        namespace: "default",
        cli: { cliPath: undefined, searchPath: [], cacheDir: "/home/ada/.cache/aco" },
      },
      taskQueue: "aco",
      web: { listen: undefined, origins: [], temporalUi: undefined },
      keep: { forMs: null, last: null },
      logLevel: "info",
    });
  });

  it("lets a flag beat its variable, and a variable the default", () => {
    const env = { ...HOME, ACO_LISTEN: "0.0.0.0:1", ACO_DATA_DIR: "/data", ACO_TEMPORAL_PORT: "0", ACO_UI_PORT: "0" };
    const config = readServerConfig({ listen: "localhost:2", uiPort: "8000" }, env);
    expect(config.listen).toEqual({ host: "localhost", port: 2 });
    expect(config.dataDir).toBe("/data");
    expect(config.embedded).toMatchObject({ port: 0, uiPort: 8000 });
  });

  it("takes an empty variable as unset", () => {
    const env = { ...HOME, ACO_LISTEN: "", DATABASE_URL: "", TEMPORAL_ADDRESS: "", ACO_DATA_DIR: "" };
    expect(readServerConfig({}, env)).toEqual(readServerConfig({}, HOME));
  });

  it.each([
    ["[::1]:50051", "::1", 50051],
    ["[::]:0", "::", 0],
    ["[fe80::1%eth0]:7", "fe80::1%eth0", 7],
    [":50051", "::", 50051],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["api.internal:65535", "api.internal", 65535],
  ])("listens on %s", (text, host, port) => {
    expect(readServerConfig({ listen: text }, HOME).listen).toEqual({ host, port });
  });

  it.each(["50051", "::1:50051", "localhost", "localhost:65536", "localhost:x", "[::1]", "a b:1"])(
    "refuses to listen on %s, naming the flag, the variable and the form",
    (text) => {
      const error = refusal(() => readServerConfig({ listen: text }, HOME));
      expect(error.message).toContain("--listen (ACO_LISTEN) must be HOST:PORT, such as 127.0.0.1:50051");
      expect(error.message).toContain(JSON.stringify(text));
    },
  );

  it("reports everything that is wrong at once", () => {
    const env = { ...HOME, ACO_UI_PORT: "-1", DATABASE_URL: "mysql://root:secret@db/x", ACO_LOG_LEVEL: "loud" };
    const error = refusal(() => readServerConfig({ temporalPort: "70000", retention: "5m" }, env));
    expect(error.problems).toHaveLength(5);
    expect(error.message).toContain("--temporal-port (ACO_TEMPORAL_PORT) must be a port");
    expect(error.message).toContain("--retention (ACO_RETENTION) must be a duration of at least an hour");
    expect(error.message).not.toContain("secret");
  });

  it("refuses one port for two uses, but any free port for both", () => {
    expect(refusal(() => readServerConfig({ temporalPort: "9000", uiPort: "9000" }, HOME)).message).toContain("differ");
    expect(readServerConfig({ temporalPort: "0", uiPort: "0" }, HOME).embedded).toMatchObject({ port: 0, uiPort: 0 });
  });

  it("makes relative folders and files absolute, and follows the XDG variables where they are absolute", () => {
    expect(readServerConfig({ dataDir: "data" }, HOME).dataDir).toBe(resolve("data"));
    expect(readServerConfig({}, { ...HOME, DATABASE_URL: "file:./a.db" }).databaseUrl).toBe(`file:${resolve("a.db")}`);
    expect(readServerConfig({}, { ...HOME, XDG_DATA_HOME: "/x" }).dataDir).toBe("/x/aco");
    expect(readServerConfig({}, { ...HOME, XDG_DATA_HOME: "x" }).dataDir).toBe("/home/ada/.local/share/aco");
  });

  it("uses the cluster that TEMPORAL_ADDRESS names, with Temporal's own variables", () => {
    const env = { ...HOME, TEMPORAL_ADDRESS: "t:7233", TEMPORAL_NAMESPACE: "ns", TEMPORAL_API_KEY: "key" };
    const config = readServerConfig({}, env);
    expect(config.embedded).toBeNull();
    expect(config.temporal).toEqual({ address: "t:7233", namespace: "ns", apiKey: "key", tls: true });
  });

  it("reads a profile of temporal.toml, and says which profile is missing", () => {
    const dir = mkdtempSync(join(tmpdir(), "aco-config-"));
    try {
      const file = join(dir, "temporal.toml");
      writeFileSync(file, '[profile.staging]\naddress = "staging:7233"\nnamespace = "s"\n');
      const env = { ...HOME, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: "staging" };
      expect(readServerConfig({}, env)).toMatchObject({
        embedded: null,
        temporal: { address: "staging:7233", namespace: "s" },
      });
      const error = refusal(() => readServerConfig({}, { ...env, TEMPORAL_PROFILE: "other" }));
      expect(error.message).toContain("TEMPORAL_*: Profile 'other' not found");
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe("the client's configuration", () => {
  it("has a default for everything", () => {
    expect(readClientConfig({}, HOME, false)).toEqual({
      server: { url: "http://localhost:50051", target: "localhost:50051", tls: false, configured: false },
      credentials: { kind: "none" },
      callbackSecret: "",
      format: "plain",
      color: false,
    });
    expect(readClientConfig({}, HOME, true)).toMatchObject({ format: "table", color: true });
    expect(readClientConfig({}, { ...HOME, NO_COLOR: "1" }, true).color).toBe(false);
  });

  it("knows a server that was asked for from the default one", () => {
    const { server } = readClientConfig({}, { ...HOME, ACO_SERVER: "http://localhost:50051" }, false);
    expect(server.configured).toBe(true);
  });

  it.each([
    ["https://aco.example.com", "aco.example.com:443", true],
    ["http://aco.example.com", "aco.example.com:80", false],
    ["http://[::1]:50051", "[::1]:50051", false],
  ])("reaches %s at %s", (url, target, tls) => {
    expect(readClientConfig({ server: url }, HOME, false).server).toMatchObject({ target, tls });
  });

  it("refuses what is not a URL, a format or credentials, without repeating secrets", () => {
    const error = refusal(() =>
      readClientConfig({ server: "localhost:50051", connect: "tokenabc", format: "yaml" }, HOME, false),
    );
    expect(error.problems).toHaveLength(3);
    expect(error.message).toContain("--server (ACO_SERVER) must be a URL such as http://localhost:50051");
    expect(error.message).not.toContain("tokenabc");
  });

  it.each(["localhost:50051", "127.0.0.1:50051", "[::1]:50051"])(
    "asks whether the address %s is meant as a URL",
    (address) => {
      const error = refusal(() => readClientConfig({ server: address }, HOME, false));
      expect(error.message).toContain(`got "${address}"; did you mean "http://${address}"?`);
    },
  );

  it.each([
    ["secret:a:b", { kind: "secret", key: "a:b" }],
    ["ada:pass:word", { kind: "password", user: "ada", password: "pass:word" }],
    ["token:x.y.z", { kind: "token", token: "x.y.z" }],
  ])("reads the credentials %s", (text, credentials) => {
    expect(readClientConfig({ connect: text }, HOME, false).credentials).toEqual(credentials);
  });
});
