import fs from "node:fs";
import path from "node:path";
import { Ajv, type AnySchemaObject } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { readServerConfig } from "../../src/config";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/core/json";
import { REPOSITORY } from "../repository";

const read = (file: string): string => fs.readFileSync(path.join(REPOSITORY, file), "utf8");

/** YAML 1.1's merge keys (`<<`) are part of the Compose Specification. */
const parseYaml = (file: string): JsonObject => parse(read(file), { merge: true }) as JsonObject;

function objectAt(value: JsonValue | undefined, ...keys: readonly string[]): JsonObject {
  const found = keys.reduce<JsonValue | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), value);
  if (!isJsonObject(found)) throw new Error(`${keys.join(".")} is not an object`);
  return found;
}

/** As `docker compose` puts them in: `${NAME:-default}` where the environment holds no NAME. */
function withDefaults(text: string): string {
  return text.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1");
}

const compose = parseYaml("docker-compose.yml");
const services = objectAt(compose, "services");
const serviceNames = Object.keys(services);

/** The environment that one of our containers sees: the image's, then the service's. */
function environmentOf(service: string): Record<string, string> {
  const variables = Object.entries(objectAt(services, service, "environment"));
  const inImage = [...read("Dockerfile").matchAll(/\b(ACO_[A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  return {
    ...Object.fromEntries(inImage),
    ...Object.fromEntries(variables.map(([name, value]) => [name, withDefaults(String(value))])),
  };
}

describe("docker-compose.yml", () => {
  /** github.com/compose-spec/compose-spec, schema/compose-spec.json; see COMPOSE-SPEC-LICENSE.md. */
  const schema = JSON.parse(read("tests/packaging/compose-spec.json")) as AnySchemaObject;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  // The schema names draft-07's metaschema by https, which ajv knows by http.
  const validate = ajv.compile({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" });

  test("matches the schema of the Compose Specification", () => {
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("is checked by a schema that refuses a misspelt key", () => {
    expect(validate({ services: { api: { image: "aco", heathcheck: {} } } })).toBe(false);
  });

  test("has PostgreSQL, Temporal with its Web UI, the API and the worker", () => {
    expect(serviceNames).toEqual(expect.arrayContaining(["postgresql", "temporal", "temporal-ui", "api", "worker"]));
    expect(objectAt(services, "api")).toMatchObject({ command: ["server", "start"], build: "." });
    expect(objectAt(services, "worker")).toMatchObject({ command: ["worker", "start"], build: "." });
  });

  test("waits for services that exist, for the health of those that have a health check and for the end of jobs", () => {
    for (const name of serviceNames) {
      const dependencies = objectAt(services, name)["depends_on"] ?? {};
      for (const [needed, { condition }] of Object.entries(dependencies as Record<string, { condition: string }>)) {
        const isJob = objectAt(services, needed)["restart"] === "on-failure:5";
        expect([name, needed, condition]).toEqual([
          name,
          needed,
          isJob ? "service_completed_successfully" : "service_healthy",
        ]);
        if (!isJob) expect(objectAt(services, needed, "healthcheck")).toHaveProperty("test");
      }
    }
  });

  test("gives API and worker a configuration that they accept", () => {
    for (const service of ["api", "worker"]) {
      const config = readServerConfig({}, environmentOf(service));
      expect(config).toMatchObject({
        databaseUrl: "postgresql://aco:aco@postgresql:5432/aco",
        temporal: { address: "temporal:7233", namespace: "default" },
        embedded: null,
        dataDir: "/var/lib/aco",
      });
    }
    expect(readServerConfig({}, environmentOf("api")).listen).toEqual({ host: "0.0.0.0", port: 50_051 });
  });

  test("mounts files that exist and volumes that it declares", () => {
    const volumes = Object.keys(objectAt(compose, "volumes"));
    const sources = serviceNames.flatMap((name) =>
      ((objectAt(services, name)["volumes"] ?? []) as string[]).map((mount) => String(mount.split(":")[0])),
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      if (source.startsWith(".")) expect(fs.existsSync(path.join(REPOSITORY, source))).toBe(true);
      else expect(volumes).toContain(source);
    }
  });

  test("publishes ports on the loopback interface alone", () => {
    const ports = serviceNames.flatMap((name) => (objectAt(services, name)["ports"] ?? []) as string[]);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    expect(ports).toHaveLength(4);
  });
});

describe("Temporal's dynamic configuration", () => {
  test("lifts the rates that the design measured, and is the file that the server is told to read", () => {
    const values = parseYaml("deploy/temporal/dynamicconfig/aco.yaml");
    for (const processor of ["transfer", "timer", "visibility"])
      expect(values[`history.${processor}ProcessorMaxPollRPS`]).toEqual([{ value: 2000 }]);

    const temporal = objectAt(services, "temporal");
    const [host, folder] = String((temporal["volumes"] as string[])[0]).split(":");
    const told = String(objectAt(temporal, "environment")["DYNAMIC_CONFIG_FILE_PATH"]);
    expect(path.dirname(told)).toBe(folder);
    expect(fs.existsSync(path.join(REPOSITORY, String(host), path.basename(told)))).toBe(true);
  });
});

describe("the scripts of Temporal's jobs", () => {
  test.each(["create-databases.sh", "create-namespace.sh"])("%s is executable and used", (script) => {
    const file = path.join(REPOSITORY, "deploy/temporal", script);
    expect(fs.statSync(file).mode & 0o111).not.toBe(0);
    expect(read("docker-compose.yml")).toContain(`/deploy/${script}`);
  });
});
