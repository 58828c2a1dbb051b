import type { Problem } from "../graph-types";
import { meantHint, nearName } from "../near-name";
import type { ReadGraph } from "../read-graph";

/** From `shared/design.md`, 'Exact shapes'. */
const NODE_ID = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Ids are unique in all graphs of a definition together, so that `nodes.X` and an event's `node_id` name one node. */
export function checkIds(graphs: readonly ReadGraph[]): readonly Problem[] {
  const firstAt = new Map<string, string>();
  return graphs
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ id, pointer }): readonly Problem[] => {
      if (!NODE_ID.test(id) || id === "__proto__") {
        const message = "must start with a letter or '_' and go on with at most 63 letters, digits, '_' or '-'";
        return [{ code: "NODE_ID_INVALID", pointer: `${pointer}/id`, message }];
      }
      const first = firstAt.get(id);
      if (first === undefined) {
        firstAt.set(id, pointer);
        return [];
      }
      return [{ code: "NODE_DUPLICATE", pointer: `${pointer}/id`, message: `'${id}' is the id of ${first} already` }];
    });
}

/** A name that no node has, with the one that was probably meant. */
export function unknownNode(name: string, ids: Iterable<string>, pointer: string, place = ""): Problem {
  const suggestion = nearName(name, ids);
  const hint = meantHint(suggestion);
  const message = `there is no node '${name.slice(0, 64)}'${place}${hint}`;
  return { code: "NODE_UNKNOWN", pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}
