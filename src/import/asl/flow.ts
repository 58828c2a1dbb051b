import type { JsonObject } from "../../core/json";
import type { Edge, GraphNode } from "../../definition/graph-types";
import type { ImportKit } from "../import-kit";
import { cel, constant, literal, objectOf, ofNode, outputOf, select, toCel, toTemplate, type Value } from "../value";
import type { Machine, State } from "./machine";

/** What goes from state to state. */
export interface Carried {
  readonly input: Value;
  readonly variables: ReadonlyMap<string, Value>;
}

/** One way that leads to a state, or to the end. */
export interface Arrival extends Carried {
  /** Null for the start. */
  readonly from: State | null;
  /** The node that the way leaves; null for the start. */
  readonly source: string | null;
  /** What its edge says. */
  readonly edge: Partial<Edge>;
  /** Whether the node's completing means that this way was taken. */
  readonly isSole: boolean;
}

/** A state that is entered: what it is given, and which edges lead to its first node. */
export interface Entered extends Carried {
  connect(nodeId: string): void;
}

interface Settled extends Carried {
  readonly source: string | null;
  readonly edge: Partial<Edge>;
  readonly isDone: string;
}

/** Collects the nodes and edges of one level, and joins ways that come together. One state is active at a time. */
export class Flow {
  readonly nodes: GraphNode[] = [];
  readonly edges: Edge[] = [];
  readonly kit: ImportKit;
  readonly #machine: Machine;
  readonly #arrivals = new Map<string | null, Arrival[]>();
  readonly #heads = new Map<
    string,
    { readonly id: string; readonly at: number; readonly forward: readonly Settled[] }
  >();
  readonly #variables: readonly string[];

  constructor(machine: Machine, kit: ImportKit, start: Carried) {
    this.kit = kit;
    this.#machine = machine;
    this.#variables = assignedIn(machine);
    const [first] = machine.states;
    if (first !== undefined) this.arrive(first.name, { ...start, from: null, source: null, edge: {}, isSole: true });
  }

  node(node: GraphNode): void {
    this.nodes.push(node);
  }

  arrive(target: string | null, arrival: Arrival): void {
    this.#arrivals.set(target, [...(this.#arrivals.get(target) ?? []), arrival]);
  }

  /** Null where no way leads there: what would is told as a problem. */
  enter(target: string | null): Entered | null {
    const arrivals = this.#arrivals.get(target) ?? [];
    const [first] = arrivals;
    if (first === undefined) return null;
    if (target !== null && this.#machine.states.some(({ name }) => this.#isBack(name, target)))
      return this.#head(target, arrivals);
    if (arrivals.every((arrival) => isSame(arrival, first))) return this.#entered(first, arrivals);
    return this.#merge(target, arrivals);
  }

  /** Once all states are there: closes the cycles. */
  close(): void {
    for (const [name, { id, at, forward }] of this.#heads) {
      const back = (this.#arrivals.get(name) ?? []).filter(
        ({ from }) => from !== null && this.#isBack(from.name, name),
      );
      // A cycle may be entered in its middle, so a way back may come before the head has run.
      const round = `(${ofNode(id, "output")} == null ? 1 : ${ofNode(id, "output")}.round + 1)`;
      const settled = back.map((arrival) => this.#settleBack(arrival, id, round));
      const output = objectOf({
        round: cel(round),
        ...this.#slots([...settled, ...forward], this.#variables),
      });
      this.nodes[at] = { id, type: "transform", config: { output: toTemplate(output) } };
    }
  }

  #isBack(source: string, target: string): boolean {
    return (
      this.#machine.states.some(({ name, next }) => name === source && next.includes(target)) &&
      this.#machine.isBack(source, target)
    );
  }

  #entered(carried: Carried, ways: readonly Pick<Arrival, "source" | "edge">[]): Entered {
    const connect = (target: string) => {
      for (const { source, edge } of ways) if (source !== null) this.edges.push({ source, target, ...edge });
    };
    return { input: carried.input, variables: carried.variables, connect };
  }

  #head(name: string, arrivals: readonly Arrival[]): Entered {
    const id = this.kit.ids.next(name, "start");
    const forward = this.#settled(arrivals, name, this.#variables);
    this.#heads.set(name, { id, at: this.nodes.length, forward });
    this.node({ id, type: "transform", config: { output: null } });
    this.#entered(arrivals[0] as Arrival, forward).connect(id);
    return this.#entered(this.#fromSlots(id, arrivals, this.#variables), [{ source: id, edge: {} }]);
  }

  #merge(target: string | null, arrivals: readonly Arrival[]): Entered {
    const names = differing(arrivals);
    const settled = this.#settled(arrivals, target, names);
    const id = this.kit.ids.next(target ?? "output", target === null ? "" : "input");
    const slots = this.#slots(settled, names);
    this.node({
      id,
      type: "transform",
      config: { output: toTemplate(names.length === 0 ? (slots["input"] ?? constant(null)) : objectOf(slots)) },
    });
    this.#entered(arrivals[0] as Arrival, settled).connect(id);
    const carried =
      names.length === 0
        ? { input: outputOf(id), variables: (arrivals[0] as Arrival).variables }
        : this.#fromSlots(id, arrivals, names);
    return this.#entered(carried, [{ source: id, edge: {} }]);
  }

  /** Ways inside the cycle first: those from outside it stay taken once it goes round. */
  #settled(arrivals: readonly Arrival[], target: string | null, names: readonly string[]): readonly Settled[] {
    const isInside = ({ from }: Arrival) =>
      target !== null && from !== null && this.#machine.reaches(target, from.name);
    return [...arrivals.filter(isInside), ...arrivals.filter((arrival) => !isInside(arrival))].map((arrival) =>
      this.#settle(arrival, names),
    );
  }

  #settle(arrival: Arrival, names: readonly string[]): Settled {
    const { source, edge, isSole, from } = arrival;
    if (source === null || isSole) return { ...arrival, isDone: source === null ? "true" : isCompleted(source) };
    const id = this.kit.ids.next(from?.name ?? "start", "next");
    const slots = objectOf({ input: arrival.input, ...variableSlots(names, arrival) });
    this.node({ id, type: "transform", config: { output: toTemplate(names.length === 0 ? arrival.input : slots) } });
    this.edges.push({ source, target: id, ...edge });
    const carried =
      names.length === 0
        ? { input: outputOf(id), variables: arrival.variables }
        : this.#fromSlots(id, [arrival], names);
    return { ...carried, source: id, edge: {}, isDone: isCompleted(id) };
  }

  #settleBack(arrival: Arrival, head: string, round: string): Settled {
    const id = this.kit.ids.next(arrival.from?.name ?? "", "again");
    const output = objectOf({ round: cel(round), input: arrival.input, ...variableSlots(this.#variables, arrival) });
    this.node({ id, type: "transform", config: { output: toTemplate(output) } });
    if (arrival.source !== null) this.edges.push({ source: arrival.source, target: id, ...arrival.edge });
    this.edges.push({ source: id, target: head, loop: true, max: this.kit.loopMax });
    const own = ofNode(id, "output");
    const isDone = `${own} != null && ${own}.round == ${round}`;
    return { ...this.#fromSlots(id, [arrival], this.#variables), source: id, edge: {}, isDone };
  }

  #slots(ways: readonly Settled[], names: readonly string[]): Readonly<Record<string, Value>> {
    const pick = (read: (way: Settled) => Value) => chosen(ways.map((way) => [way.isDone, read(way)] as const));
    const variables = names.map((name) => [name, pick((way) => way.variables.get(name) ?? constant(null))] as const);
    const input = pick((way) => way.input);
    return names.length === 0 ? { input } : { input, variables: objectOf(Object.fromEntries(variables)) };
  }

  #fromSlots(id: string, arrivals: readonly Arrival[], names: readonly string[]): Carried {
    const output = outputOf(id);
    const at = (...segments: string[]) => select(output, segments) ?? output;
    const variables = new Map(arrivals[0]?.variables);
    for (const name of names) variables.set(name, at("variables", name));
    return { input: at("input"), variables };
  }
}

function variableSlots(names: readonly string[], { variables }: Carried): Readonly<Record<string, Value>> {
  if (names.length === 0) return {};
  return {
    variables: objectOf(Object.fromEntries(names.map((name) => [name, variables.get(name) ?? constant(null)]))),
  };
}

function isCompleted(id: string): string {
  return `${ofNode(id, "status")} == ${literal("completed")}`;
}

function chosen(ways: readonly (readonly [string, Value])[]): Value {
  const last = ways.at(-1)?.[1] ?? constant(null);
  if (ways.length < 2) return last;
  const tests = ways.slice(0, -1).map(([isDone, value]) => `${isDone} ? ${toCel(value)} : `);
  return cel(`${tests.join("")}${toCel(last)}`);
}

function isSame(one: Carried, other: Carried): boolean {
  return asText(one) === asText(other);
}

function asText({ input, variables }: Carried): string {
  return JSON.stringify([input, [...variables].sort(([a], [b]) => a.localeCompare(b))]);
}

function differing(arrivals: readonly Arrival[]): readonly string[] {
  const names = new Set(arrivals.flatMap(({ variables }) => [...variables.keys()]));
  return [...names].filter(
    (name) => new Set(arrivals.map(({ variables }) => JSON.stringify(variables.get(name) ?? null))).size > 1,
  );
}

function assignedIn(machine: Machine): readonly string[] {
  const names = machine.states.flatMap(({ source }) => {
    const holders = [source, source["Choices"] ?? [], source["Catch"] ?? []].flat() as readonly JsonObject[];
    return holders.flatMap(({ Assign: assign }) => Object.keys((assign ?? {}) as JsonObject));
  });
  return [...new Set(names.map((name) => (name.endsWith(".$") ? name.slice(0, -2) : name)))];
}
