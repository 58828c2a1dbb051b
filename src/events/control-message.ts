import type { JsonObject } from "../core/json";

/** What an act of steering is, for a person. `control` stands in the run's journal: a later version may have made it. */
export function controlMessage(control: JsonObject): string {
  const by = typeof control["by"] === "string" ? ` by ${control["by"]}` : "";
  return `${whatHappened(control)}${by}`;
}

function whatHappened(control: JsonObject): string {
  const node = String(control["node_id"] ?? "");
  switch (control["action"]) {
    case "pause":
      return "paused";
    case "resume":
      return control["step"] === true ? "resumed for one step" : "resumed";
    case "break":
      return `paused before ${node}`;
    case "skip":
      return `skipped ${node}`;
    case "set_output":
      return `output of ${node} set`;
    case "cancel_node":
      return `cancelled ${node}`;
    case "retry":
      return `${node} tried again now`;
    case "update":
      return "updated";
    default:
      return String(control["action"]);
  }
}
