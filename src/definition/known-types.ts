import type { JsonValue } from "../core/json";
import { parseExpression } from "./expressions/expression";
import type { ExtraVariables, GraphAt, NodeTypes } from "./nodes/node-kind";
import type { ReadNode } from "./read-graph";
import type { Scope } from "./scopes";
import type { StoredParts } from "./stored-parts";
import { expressionText } from "./templates";
import { inferType, type TypeMistake, type VariableTypes } from "./types/infer";
import { typeOfSchema } from "./types/schema-type";
import { templateType } from "./types/template-type";
import { ANY, closedObject, NULL, oneOf, STRING, unionOf, type ValueType } from "./types/value-type";

/** Variables of every run. */
export const RUN_VARIABLES: readonly string[] = ["input", "nodes", "execution"];

/** `NodeStatus` of the engine. */
const STATUS = oneOf(["pending", "running", "completed", "failed", "skipped", "cancelled"]);
const EXECUTION = closedObject({ id: STRING });
const FAILURE = closedObject({ code: STRING, message: STRING, details: ANY });

/** `error` where a node's failure is caught. */
export const caughtError: ExtraVariables = () => ({ error: FAILURE });

/** `error` of the graphs that run after the main one; null where `finally` follows a success. */
export function runError(isNullable: boolean): ExtraVariables {
  const error = closedObject({ code: STRING, message: STRING, node_id: unionOf([STRING, NULL]) });
  return () => ({ error: isNullable ? unionOf([error, NULL]) : error });
}

/** Types are looked for through so many nodes that speak of one another; recursion stays far from the end of the stack. */
const MAX_DEPTH = 24;

/** Tells the types of expressions in one definition, of what its schemas and the kinds of its nodes say. */
export class KnownTypes {
  readonly #input: ValueType;
  readonly #owners = new Map<string, { readonly scope: Scope; readonly node: ReadNode }>();
  readonly #scopes = new Map<unknown, Scope>();
  readonly #outputs = new Map<string, ValueType>();
  readonly #extras = new Map<Scope, Readonly<Record<string, ValueType>>>();
  #depth = 0;

  /** What is known of stored tasks and workflows. */
  readonly stored: StoredParts;

  constructor(inputSchema: JsonValue | undefined, scopes: readonly Scope[], stored: StoredParts) {
    this.stored = stored;
    this.#input = typeOfSchema(inputSchema);
    for (const scope of scopes) {
      this.#scopes.set(scope.graph.source, scope);
      for (const node of scope.graph.nodes) if (!this.#owners.has(node.id)) this.#owners.set(node.id, { scope, node });
    }
  }

  /** The type of an expression in a graph, and what is sure to fail in it. */
  infer(source: string, scope: Scope, extra?: ExtraVariables): { type: ValueType; errors: readonly TypeMistake[] } {
    const parsed = parseExpression(source);
    if (!parsed.ok) return { type: ANY, errors: [] };
    return inferType(parsed.value.tree, this.#variables(parsed.value.names.nodes.keys(), scope, extra));
  }

  /** Names of the variables that a graph has beside those of every run. */
  extraNames(scope: Scope): readonly string[] {
    if (scope.outer === null) return [];
    return [...Object.keys(this.#extrasOf(scope, scope.outer.scope) ?? {}), ...this.extraNames(scope.outer.scope)];
  }

  /** For the kinds of nodes, which know of no scopes. */
  in(scope: Scope): NodeTypes {
    const expression = (source: string, extra?: ExtraVariables) => this.infer(source, scope, extra).type;
    return {
      template: (value, extra) => templateType(value, (source) => expression(source, extra)),
      condition: (text, extra) => {
        const found = expressionText(text);
        return found.ok ? expression(found.value.source, extra) : ANY;
      },
      graph: (at) => this.#graphOutput(at),
      stored: this.stored,
    };
  }

  #variables(nodeIds: Iterable<string>, scope: Scope, extra: ExtraVariables | undefined): VariableTypes {
    const own = extra?.(this.in(scope)) ?? {};
    return (name) => {
      if (Object.hasOwn(own, name)) return own[name];
      switch (name) {
        case "input":
          return this.#input;
        case "execution":
          return EXECUTION;
        case "nodes":
          return { kind: "object", fields: new Map([...nodeIds].map((id) => [id, this.#node(id)])), rest: ANY };
        default:
          return this.#extraOf(name, scope);
      }
    };
  }

  #extraOf(name: string, scope: Scope): ValueType | undefined {
    if (scope.outer === null) return undefined;
    const extras = this.#extrasOf(scope, scope.outer.scope);
    if (extras === null) return ANY;
    return Object.hasOwn(extras, name) ? extras[name] : this.#extraOf(name, scope.outer.scope);
  }

  #extrasOf(scope: Scope, around: Scope): Readonly<Record<string, ValueType>> | null {
    const known = this.#extras.get(scope);
    const extras = known ?? this.#guarded(() => scope.extra?.(this.in(around)) ?? {}, null);
    if (known === undefined && extras !== null) this.#extras.set(scope, extras);
    return extras;
  }

  #node(id: string): ValueType {
    return closedObject({ status: STATUS, output: unionOf([this.#output(id), NULL]), error: unionOf([FAILURE, NULL]) });
  }

  #output(id: string): ValueType {
    const known = this.#outputs.get(id);
    const owner = this.#owners.get(id);
    if (known !== undefined || owner === undefined || owner.node.sound === null) return known ?? ANY;
    const { node, kind } = owner.node.sound;
    // What the node says of itself while it is looked at, as a loop's body may of its last iteration, is not told.
    this.#outputs.set(id, ANY);
    const types = this.in(owner.scope);
    const output = this.#guarded(() => {
      const caught = node.catch === undefined ? [] : [types.template(node.catch.output ?? null, caughtError)];
      return unionOf([kind.output(node, types), ...caught]);
    }, null);
    if (output === null) this.#outputs.delete(id);
    else this.#outputs.set(id, output);
    return output ?? ANY;
  }

  #graphOutput({ graph }: GraphAt): ValueType {
    const scope = this.#scopes.get(graph);
    if (scope === undefined) return ANY;
    const { nodes, output } = scope.graph;
    const types = this.in(scope);
    const ends = nodes.filter(({ sound }) => sound?.node.type === "end").map(({ id }) => this.#output(id));
    const last: ValueType = {
      kind: "object",
      fields: new Map(nodes.map(({ id }) => [id, this.#output(id)])),
      rest: null,
    };
    return unionOf([output === undefined ? last : types.template(output), ...ends]);
  }

  #guarded<T, Else>(find: () => T, otherwise: Else): T | Else {
    if (this.#depth >= MAX_DEPTH) return otherwise;
    this.#depth += 1;
    try {
      return find();
    } finally {
      this.#depth -= 1;
    }
  }
}
