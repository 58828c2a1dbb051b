import { setCurrentDetails } from "@temporalio/workflow";

/**
 * What the Temporal Web UI shows of a running run: made when somebody looks. The SDK takes a text and writes it as JSON into the
 * answer of its query `__temporal_workflow_metadata`; this is an object that JSON writes as a text, since a table of the nodes,
 * made anew at every step and read by nobody, is some tenth of what a step costs. `tests/integration` reads it from a real server.
 */
export function showWhenAsked(details: () => string): void {
  const lazy = { toJSON: () => soundDetails(details) };
  setCurrentDetails(lazy as unknown as string);
}

/** An error here would be the answer of the query, in place of all that the Web UI asks for. */
function soundDetails(details: () => string): string {
  try {
    return details();
  } catch (defect) {
    return `The nodes cannot be shown: ${defect}`;
  }
}
