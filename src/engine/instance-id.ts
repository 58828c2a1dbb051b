/**
 * The id of one run of a node: the node's id, and a suffix of a number for each body that it is in (`[3]` for an item,
 * `#2` for an iteration) and for each node on the way that back edges may start anew. Where every loop's number is 1
 * they are left out, so what runs once has plain ids. How many numbers there are depends on the definition alone, so no
 * two runs of a node have the same id. Part of activity ids in history.
 */
export function instanceId(nodeId: string, suffix: string): string {
  return nodeId + (/#(?!1(?!\d))/.test(suffix) ? suffix : suffix.replaceAll("#1", ""));
}
