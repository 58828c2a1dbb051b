import type { Execution } from "../../src/gen/connect/executions_pb";
import { JsonView } from "./json-view";

/** What the execution was given, and what it gave. */
export function ExecutionData({ execution: { input, output } }: { readonly execution: Execution }) {
  return (
    <div class="data">
      <h2>Input</h2>
      {input === "" ? <p class="quiet">none</p> : <JsonView json={input} label="Input of the execution" />}
      <h2>Output</h2>
      {output === undefined ? (
        <p class="quiet">none yet</p>
      ) : (
        <JsonView json={output} label="Output of the execution" />
      )}
    </div>
  );
}
