import type { JsonValue } from "../../core/json";
import type { Problem } from "../graph-types";
import { caughtError, type KnownTypes } from "../known-types";
import { asWritten, type ReadEdge, type ReadNode, type SoundNode } from "../read-graph";
import { AT_THE_END, type Scope } from "../scopes";
import { checkCondition, checkPart, checkTemplate, type Place } from "./check-expressions";

/** Checks every expression of a definition in the place where it stands. */
export class PartsCheck {
  readonly #types: KnownTypes;
  readonly #ids: ReadonlySet<string>;

  constructor(types: KnownTypes, scopes: readonly Scope[]) {
    this.#types = types;
    this.#ids = new Set(scopes.flatMap(({ graph }) => graph.nodes.map(({ id }) => id)));
  }

  /** The nodes, edges and output of one graph, without the graphs inside it. */
  graph(scope: Scope): readonly Problem[] {
    const { nodes, edges, output, pointer } = scope.graph;
    const place = { types: this.#types, scope, ids: this.#ids };
    const atEnd = { ...place, viewer: AT_THE_END, label: "at the end" };
    const problems = [
      ...nodes.flatMap((node) => this.#node(node, place)),
      ...edges.flatMap((edge) => edgeProblems(edge, place)),
      ...(output === undefined ? [] : checkTemplate(output, `${pointer}/output`, atEnd)),
    ];
    return scope.isVague ? problems.filter(isSure) : problems;
  }

  #node(read: ReadNode, around: Around): readonly Problem[] {
    const { sound, mended } = read;
    if (sound !== null) return nodeProblems(read, sound, around);
    if (mended === null) return [];
    const found = nodeProblems(read, mended, around).map((problem) => asWritten(problem, mended.renamed));
    return mended.isConfigWhole ? found : found.filter(isSure);
  }

  /** What is rendered before a run starts: only its input is there. */
  beforeRun(template: JsonValue, pointer: string, root: Scope): readonly Problem[] {
    const place = { types: this.#types, scope: root, ids: this.#ids, viewer: AT_THE_END, only: ["input"] };
    return checkTemplate(template, pointer, { ...place, label: "before the run starts" });
  }
}

/** Not about a variable, which may only be missing because something else is wrong. */
function isSure({ code }: Problem): boolean {
  return code !== "EXPRESSION_NAME" && code !== "EXPRESSION_TYPE";
}

type Around = Pick<Place, "types" | "scope" | "ids">;

function nodeProblems({ id, pointer }: ReadNode, { node, kind }: SoundNode, around: Around): readonly Problem[] {
  const at = (part: { readonly extra?: Place["extra"]; readonly seesItself?: boolean }): Place => {
    const seesItself = part.seesItself ?? false;
    const label = seesItself ? `when '${id}' ends` : `before '${id}'`;
    return { ...around, viewer: { id, seesItself }, label, extra: part.extra };
  };
  const { when, catch: caught } = node;
  const output = caught?.output;
  return [
    ...(when === undefined ? [] : checkCondition({ text: when, expects: "bool" }, `${pointer}/when`, at({}))),
    ...(kind.conditions?.(node) ?? []).flatMap((part) => checkCondition(part, `${pointer}${part.pointer}`, at(part))),
    ...(kind.templates?.(node) ?? []).flatMap((part) => checkPart(part, `${pointer}${part.pointer}`, at(part))),
    ...(output === undefined ? [] : checkTemplate(output, `${pointer}/catch/output`, at({ extra: caughtError }))),
  ];
}

function edgeProblems({ edge, pointer }: ReadEdge, around: Around): readonly Problem[] {
  if (edge.condition === undefined) return [];
  const viewer = { id: edge.source, seesItself: true };
  const place = { ...around, viewer, label: `when '${edge.source}' ends` };
  return checkCondition({ text: edge.condition, expects: "bool" }, `${pointer}/condition`, place);
}
