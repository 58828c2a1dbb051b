import type { ASTNode } from "@marcbachmann/cel-js";
import { linearPattern } from "../regular-expression";
import { isType, toJson } from "./cel-values";
import { currentFuel } from "./environment";
import { childrenOf } from "./syntax-tree";

/** How the library's evaluator calls a node; the part of it that is written to here. Pinned by exact version and tests. */
type Evaluate = (evaluator: Evaluator, node: RunnableNode, variables: unknown) => unknown;
interface Evaluator {
  run(node: RunnableNode, variables: unknown): unknown;
}
interface RunnableNode {
  readonly evaluate: Evaluate;
  readonly left: RunnableNode;
  readonly right: RunnableNode;
  readonly receiverWithArgs: readonly [RunnableNode, RunnableNode];
  handle(left: unknown, right: unknown, node: RunnableNode, evaluator: Evaluator): unknown;
}

/** Making 128 UTF-16 units of text, letter by letter at the worst, takes about as long as one step. */
const UNITS_PER_STEP_LOG2 = 7;

/**
 * Makes every node of a parsed expression pay fuel when it is evaluated. The library limits the structure of an
 * expression but not its time: three nested loops over an input of 10,000 items are a short expression.
 */
export function meter(root: ASTNode): void {
  const pending: ASTNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    meterNode(node);
    pending.push(...childrenOf(node));
  }
}

function meterNode(node: ASTNode): void {
  const runnable = node as unknown as RunnableNode;
  // The library looks the evaluation up on a node's first run and keeps it in `evaluate`; hence a getter and a setter.
  let evaluate: Evaluate = specialEvaluation(node) ?? runnable.evaluate;
  const makesText = node.op === "call" || node.op === "rcall" || node.op === "+";
  const isSpecial = evaluate !== runnable.evaluate;
  // On its first run a node calls itself once it has found its evaluation. That must not cost more than any later run: an
  // expression is compiled anew in every worker, and what it costs is part of replays.
  let hasFound = false;
  const metered: Evaluate = (evaluator, _node, variables) => {
    if (hasFound) {
      hasFound = false;
      return evaluate.call(runnable, evaluator, runnable, variables);
    }
    currentFuel().spend(1);
    try {
      const value = evaluate.call(runnable, evaluator, runnable, variables);
      currentFuel().spendOn(value);
      if (makesText && typeof value === "string") currentFuel().chargeSince2(value.length >>> UNITS_PER_STEP_LOG2);
      return value;
    } finally {
      hasFound = false;
    }
  };
  Object.defineProperty(node, "evaluate", {
    get: () => metered,
    set: (found: Evaluate) => {
      if (isSpecial) return;
      evaluate = found;
      hasFound = true;
    },
  });
}

function specialEvaluation(node: ASTNode): Evaluate | undefined {
  switch (node.op) {
    case "==":
    case "!=":
    case "in":
      return compare;
    case "rcall":
      return node.args[0] === "matches" && node.args[2].length === 1 ? matches : undefined;
    default:
      return undefined;
  }
}

/** As the library compares, but paying for the size of what is compared when both may be large. */
const compare: Evaluate = (evaluator, node, variables) => {
  const left = evaluator.run(node.left, variables);
  const right = evaluator.run(node.right, variables);
  if (typeof right === "object" && right !== null && !isType(right)) toJson(right, currentFuel());
  return node.handle(left, right, node, evaluator);
};

/** In place of the library's `matches`, which runs JavaScript's regular expressions: see `linearPattern`. */
const matches: Evaluate = (evaluator, node, variables) => {
  const [text, pattern] = node.receiverWithArgs.map((part) => evaluator.run(part, variables));
  if (typeof text !== "string" || typeof pattern !== "string") throw new Error("matches takes a text and a pattern");
  currentFuel().spend(1 + (text.length >>> 3));
  return linearPattern(pattern).test(text);
};
