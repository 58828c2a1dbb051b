import { MAX_NAME_LENGTH } from "../../definition/limits";
import { refuseOthers } from "./fields";
import type { State } from "./machine";
import type { StateWork } from "./state-data";

/** Fields of states that hand something on. */
export const DATA_FIELDS = ["InputPath", "OutputPath", "Output", "Assign"];
export const NEXT_FIELDS = [...DATA_FIELDS, "Next", "End"];
/** Of states that do work, which may fail. */
export const WORK_FIELDS = [
  ...NEXT_FIELDS,
  "Parameters",
  "Arguments",
  "ResultSelector",
  "ResultPath",
  "Retry",
  "Catch",
];

/** The id of a state's main node, and its name where the id is not the same. */
export function identified({ state, flow }: StateWork): { readonly id: string; readonly name?: string } {
  const id = flow.kit.ids.next(state.name);
  return id === state.name ? { id } : { id, name: [...state.name].slice(0, MAX_NAME_LENGTH).join("") };
}

/** Where a state goes once it is done; null is the end. */
export function nextOf({ source }: State): string | null {
  return typeof source["Next"] === "string" ? source["Next"] : null;
}

/** Tells the fields of a state that are none of these. */
export function known({ state, flow }: StateWork, ...fields: readonly string[]): void {
  refuseOthers(state.source, fields, state.pointer, flow.kit);
}
