import type { JsonObject } from "../../core/json";
import type { Graph } from "../../definition/graph-types";
import type { ImportKit } from "../import-kit";
import type { Value } from "../value";
import type { Carried } from "./flow";

/** Makes a graph of a machine, and of the machines inside its states: these get it handed in. */
export type CompileMachine = (source: JsonObject, start: Carried, settings: MachineSettings) => Graph;

export interface MachineSettings {
  readonly kit: ImportKit;
  readonly pointer: string;
  readonly isJsonata: boolean;
  readonly context: Value;
  /** Whether Succeed ends the graph; false where other branches stand in it. */
  readonly endsGraph: boolean;
}
