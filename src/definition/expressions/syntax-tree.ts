import type { ASTNode } from "@marcbachmann/cel-js";

/** The nodes directly below one, in the order in which they stand. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      // Every other operator has its operands, and nothing else, as its arguments.
      return node.args;
  }
}

/** Methods that name a variable first and evaluate the rest with it: CEL's macros. */
const MACROS: ReadonlySet<string> = new Set(["map", "filter", "all", "exists", "exists_one"]);

/** The variable that a macro call binds inside its own arguments, if it is one. */
export function boundVariable(node: ASTNode): string | undefined {
  if (node.op !== "rcall") return undefined;
  const [method, receiver, [first]] = node.args;
  const isBind = method === "bind" && receiver.op === "id" && receiver.args === "cel";
  return (isBind || MACROS.has(method)) && first?.op === "id" ? first.args : undefined;
}
