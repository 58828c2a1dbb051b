import { parseTaskId, type TaskId } from "../../core/ids";
import type { JsonObject, JsonValue } from "../../core/json";
import { pointerTo } from "../../definition/json-pointer";
import { MAX_DEFINITION_BYTES } from "../../definition/limits";
import { parseDefinition, taskIdsOf } from "../../definition/parse-definition";
import type { Store } from "../../store/store-port";
import { contentHash } from "../content-hash";
import type { RequestCheck } from "../requests/request-check";

/** A definition as the store takes it. */
export interface DecodedDefinition {
  /** As the client wrote it. */
  readonly definition: JsonObject;
  /** Of the definition as it runs, with `version` and `edges` filled in. */
  readonly definitionHash: string;
  readonly taskIds: readonly TaskId[];
}

/** Notes everything that is wrong with the field `definition`, tasks that do not exist included. */
export async function decodeDefinition(check: RequestCheck, store: Store, text: string): Promise<DecodedDefinition> {
  const nothing = { definition: {}, definitionHash: "", taskIds: [] };
  if (text === "") {
    check.add("definition", "is required: the graph as JSON");
    return nothing;
  }
  const definition = check.jsonObject("definition", text, MAX_DEFINITION_BYTES);
  if (check.mentions("definition")) return nothing;
  const parsed = parseDefinition(definition);
  if (!parsed.ok) {
    check.addProblems("definition", parsed.error);
    return nothing;
  }
  const taskIds = await checkTaskIds(check, store, definition, taskIdsOf(parsed.value));
  return { definition, definitionHash: contentHash(parsed.value as unknown as JsonValue), taskIds };
}

/** Ids of the named tasks, of which each that is not there is a violation at every node that names it. */
async function checkTaskIds(
  check: RequestCheck,
  store: Store,
  definition: JsonObject,
  named: readonly string[],
): Promise<readonly TaskId[]> {
  const ids = named.filter(isId).map((id) => parseTaskId(id));
  const known = new Set<string>((await store.getTasks(ids)).map((task) => task.id));
  for (const name of named) {
    if (known.has(name.toLowerCase())) continue;
    for (const pointer of pointersTo(definition, name)) {
      check.add(`definition${pointer}`, `there is no task ${JSON.stringify(name.slice(0, 64))}`);
    }
  }
  return [...new Set(ids)];
}

function isId(text: string): boolean {
  try {
    parseTaskId(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON pointers of every `task_id` that is `id`, wherever a node may stand. */
function pointersTo(value: unknown, id: string, pointer = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const childPointer = pointerTo(pointer, [key]);
    return key === "task_id" && child === id ? [childPointer] : pointersTo(child, id, childPointer);
  });
}
