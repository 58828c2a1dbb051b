import Ajv2020, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { JsonObject, JsonValue } from "../core/json";
import type { Problem } from "./graph-types";
import { meantHint, nearName } from "./near-name";
import { linearPattern } from "./regular-expression";
import { boundWork, withinReferences } from "./schema-work";

/** More problems than this do not help, and each is a line of a message. */
const MAX_PROBLEMS = 50;

/** Patterns run in linear time; ajv asks for a stand-in with a name for it in generated code, which we do not write out. */
const regExp = Object.assign((source: string) => linearPattern(source), { code: "linearPattern" });

/** Of a value's JSON, in UTF-16 units: of a larger one only the first problem is told, as gathering them takes too long. */
const MAX_LENGTH_FOR_ALL_PROBLEMS = 16_384;

function createAjv(validateSchema: boolean, allErrors = true): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    strict: false,
    validateSchema,
    meta: validateSchema,
    addUsedSchema: false,
    logger: false,
    code: { regExp },
  });
  addFormats(ajv, ["date", "date-time", "time", "duration", "email", "uri", "uuid", "ipv4", "ipv6", "hostname"]);
  return boundWork(ajv);
}

let dialect: Ajv2020 | undefined;

/** Knows the dialect's own schema, which takes long to compile; it never keeps the schemas that it looks at. */
function dialectAjv(): Ajv2020 {
  dialect ??= createAjv(true);
  return dialect;
}

/** What is wrong with a JSON Schema (draft 2020-12) itself; also where it names a `$ref` that it does not hold. */
export function checkSchema(schema: JsonObject): readonly Problem[] {
  try {
    const ajv = dialectAjv();
    if (!withinReferences(() => ajv.validateSchema(schema)))
      return firstOfEach((ajv.errors ?? []).map(problemOf))
        .slice(0, MAX_PROBLEMS)
        .map((problem) => ({ ...problem, code: "SCHEMA_INVALID" }));
    const validate = createAjv(false).compile(schema);
    if ("$async" in validate) throw new Error("'$async' schemas are not JSON Schema");
    return [];
  } catch (error) {
    return [{ code: "SCHEMA_INVALID", pointer: "", message: messageOf(error) }];
  }
}

/** The dialect's own schema has alternatives, each of which says of one place what would please it. */
function firstOfEach(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}

interface Validators {
  readonly first: ValidateFunction;
  /** Compiled when something is wrong. */
  all?: ValidateFunction;
}

/** A schema is checked against again and again in a run, and takes milliseconds to compile. */
const validators = new WeakMap<JsonObject, Validators>();

function validatorsOf(schema: JsonObject): Validators {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = { first: createAjv(false, false).compile(schema) };
  validators.set(schema, made);
  return made;
}

/** Where `value` does not match `schema`; pointers start at `value`. A schema that cannot be used is a problem too. */
export function checkAgainstSchema(schema: JsonObject, value: JsonValue): readonly Problem[] {
  try {
    const found = validatorsOf(schema);
    if (withinReferences(() => found.first(value))) return [];
    if (JSON.stringify(value).length > MAX_LENGTH_FOR_ALL_PROBLEMS) return problemsOf(found.first);
    found.all ??= createAjv(false).compile(schema);
    const { all } = found;
    return withinReferences(() => all(value)) ? [] : problemsOf(all);
  } catch (error) {
    return [{ code: "SCHEMA_INVALID", pointer: "", message: messageOf(error) }];
  }
}

function problemsOf({ errors }: ValidateFunction): readonly Problem[] {
  return (errors ?? []).slice(0, MAX_PROBLEMS).map(problemOf);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function problemOf(error: ErrorObject): Problem {
  const pointer = error.instancePath;
  const params = error.params as Readonly<Record<string, unknown>>;
  const message = error.message ?? "does not match the schema";
  switch (error.keyword) {
    case "required":
      return { code: "SCHEMA_MISMATCH", pointer, message };
    case "additionalProperties":
    case "unevaluatedProperties": {
      const name = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      const suggestion = nearName(name, known);
      const hint = meantHint(suggestion);
      const said = `must not have the property '${name}'${hint}`;
      return { code: "SCHEMA_MISMATCH", pointer, message: said, ...(suggestion === undefined ? {} : { suggestion }) };
    }
    case "enum":
    case "const": {
      const allowed = params["allowedValues"] ?? [params["allowedValue"]];
      const names = Array.isArray(allowed) ? allowed.filter((value) => typeof value === "string") : [];
      const suggestion = typeof error.data === "string" ? nearName(error.data, names) : undefined;
      const hint = meantHint(suggestion);
      const shown = JSON.stringify(params["allowedValues"] ?? params["allowedValue"]).slice(0, 500);
      const said = `${message}: ${shown}${hint}`;
      return { code: "SCHEMA_MISMATCH", pointer, message: said, ...(suggestion === undefined ? {} : { suggestion }) };
    }
    default:
      return { code: "SCHEMA_MISMATCH", pointer, message };
  }
}
