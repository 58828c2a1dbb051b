import { err, ok, type Result } from "../core/result";
import { allNodes } from "../definition/bodies";
import type { Definition, GraphNode } from "../definition/graph-types";
import { meantHint, nearName } from "../definition/near-name";
import { baseId, COMPENSATE } from "./instance";
import { type MockKind, RUN_MOCKS } from "./mocks";

/** Says of a node or instance id which mocks it takes, or why it takes none. */
export function mockKinds(definition: Definition): (id: string) => Result<MockKind, string> {
  const nodes = new Map(allNodes(definition).map(({ node }) => [node.id, node]));
  return (id) => {
    const isCompensation = id.endsWith(COMPENSATE);
    const nodeId = baseId(isCompensation ? id.slice(0, -COMPENSATE.length) : id);
    const node = nodes.get(nodeId);
    if (node === undefined) return err(unknownNode(nodeId === "" ? id : nodeId, nodes.keys()));
    if (!isCompensation) return kindOf(node);
    return node.type === "task" && node.compensate !== undefined
      ? ok("task")
      : err(`node '${nodeId}' has no 'compensate'`);
  };
}

function kindOf(node: GraphNode): Result<MockKind, string> {
  switch (node.type) {
    case "task":
    case "workflow":
      return ok("task");
    case "approval":
    case "signal":
      return ok(node.type);
    case "map":
      if (node.config.task !== undefined) return ok("task");
      return err(`node '${node.id}' is of type map and runs as it is; mock the nodes of its body`);
    case "loop":
      return err(`node '${node.id}' is of type loop and runs as it is; mock the nodes of its body`);
    case "transform":
    case "switch":
    case "wait":
    case "fail":
    case "end":
      return err(`node '${node.id}' is of type ${node.type} and runs as it is; leave the mock out`);
  }
}

function unknownNode(id: string, known: Iterable<string>): string {
  return `there is no node '${id}'${meantHint(nearName(id, [...known, ...RUN_MOCKS]))}`;
}
