import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { Problem, ValidDefinition } from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";
import { importAsl } from "./asl/import-asl";
import { Issues } from "./issues";
import { NodeIds } from "./node-ids";
import { importSteps } from "./steps/import-steps";
import type { TaskMapping } from "./task-mapping";

export type ImportLanguage = "asl" | "steps";

/** How often a way that leads back may be taken, where nobody says: a poll every half minute for eight hours. */
export const DEFAULT_LOOP_MAX = 1_000;

export interface ImportOptions {
  /** By what the source looks like where absent. */
  readonly from?: ImportLanguage;
  readonly tasks?: TaskMapping;
  /** `max` of the edges that lead back; `DEFAULT_LOOP_MAX` where absent. */
  readonly loopMax?: number;
}

export interface Imported {
  /** Null where there are problems. */
  readonly definition: ValidDefinition | null;
  readonly name?: string;
  readonly description?: string;
  /** What keeps the source from being taken over. Pointers are the source's, but those of `problemsOfResult`. */
  readonly problems: readonly Problem[];
  /** What the definition leaves out or says otherwise. */
  readonly notes: readonly Problem[];
  /** What the language says of a definition that was made without a problem. Pointers are the definition's. */
  readonly problemsOfResult: readonly Problem[];
}

/** The language of a source; undefined where it is neither. */
export function languageOf(source: JsonValue): ImportLanguage | undefined {
  if (!isJsonObject(source)) return undefined;
  if ("States" in source || "StartAt" in source) return "asl";
  return "steps" in source ? "steps" : undefined;
}

/** Makes a definition of a state machine or a list of steps. Finds all that cannot be taken over at once. */
export function importSource(source: JsonObject, options: ImportOptions = {}): Imported {
  const issues = new Issues();
  const kit = {
    ids: new NodeIds(),
    issues,
    tasks: options.tasks ?? new Map(),
    loopMax: options.loopMax ?? DEFAULT_LOOP_MAX,
  };
  const from = options.from ?? languageOf(source) ?? "asl";
  const made = from === "asl" ? importAsl(source, kit) : importSteps(source, kit);
  const { problems, notes } = issues;
  const record = recordOf(source, from);
  if (problems.length > 0) return { ...record, definition: null, problems, notes, problemsOfResult: [] };
  const parsed = parseDefinition(made);
  return parsed.ok
    ? { ...record, definition: parsed.value, problems, notes, problemsOfResult: [] }
    : { ...record, definition: null, problems, notes, problemsOfResult: parsed.error };
}

function recordOf(source: JsonObject, from: ImportLanguage): Pick<Imported, "name" | "description"> {
  const name = from === "asl" ? undefined : source["id"];
  const description = source[from === "asl" ? "Comment" : "description"];
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof description === "string" ? { description } : {}),
  };
}
