import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { isLargerThan } from "../core/utf8-size";
import type { Fuel } from "../definition/expressions/fuel";
import { checkAgainstSchema } from "../definition/json-schema";
import type { Draft } from "./draft";
import type { RunOutcome } from "./engine-types";
import { problemsFailure, renderFailure } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { MAIN_FRAME } from "./frame-ids";
import { MAX_OUTPUT_BYTES } from "./limits";
import { render } from "./scope";

/** Writing 128 UTF-16 units of JSON takes about as long as one step of an expression. */
const UNITS_PER_STEP_LOG2 = 7;

/** The size of an output's JSON in UTF-16 units, or why it cannot be kept. */
export function outputSize(output: JsonValue, fuel: Fuel): Result<number, Failure> {
  try {
    const text = JSON.stringify(output);
    fuel.charge(text.length >>> UNITS_PER_STEP_LOG2);
    if (!isLargerThan(text, MAX_OUTPUT_BYTES)) return ok(text.length);
    return err({
      code: "OUTPUT_TOO_LARGE",
      message: `output of ${text.length} characters is larger than ${MAX_OUTPUT_BYTES} bytes`,
    });
  } catch {
    return err({ code: "OUTPUT_TOO_LARGE", message: "output is nested too deeply" });
  }
}

/** How a graph ends whose nodes have all ended. */
export function completedOutcome(draft: Draft, frame: FrameDraft): RunOutcome {
  const output = graphOutput(draft, frame);
  if (!output.ok) return { status: "failed", failure: output.error };
  return keptOutcome(draft, frame, output.value);
}

/** How a graph ends with this output. */
export function keptOutcome(draft: Draft, frame: FrameDraft, output: JsonValue): RunOutcome {
  const size = outputSize(output, draft.fuel);
  if (!size.ok) return { status: "failed", failure: size.error };
  const schema = frame.id === MAIN_FRAME ? draft.before.snapshot.definition.output_schema : undefined;
  const problems = schema === undefined ? [] : checkAgainstSchema(schema, output);
  if (problems.length > 0) return { status: "failed", failure: problemsFailure("OUTPUT_INVALID", problems) };
  return { status: "completed", output };
}

function graphOutput(draft: Draft, frame: FrameDraft): Result<JsonValue, Failure> {
  const { graph, isTaskOfMap, pointer } = frame.site;
  if (isTaskOfMap) return ok(frame.state(0).output ?? null);
  if (graph.output === undefined) return ok(lastOutputs(frame));
  const rendered = render({ draft, frame, viewer: null }, graph.output, `${pointer}/output`);
  return rendered.ok ? rendered : err(renderFailure(rendered.error));
}

/** The outputs of the nodes at which the graph ended: those that completed and that it did not go on from. */
function lastOutputs(frame: FrameDraft): JsonValue {
  const outputs: [string, JsonValue][] = [];
  for (const [id, position] of frame.site.index.positions) {
    const { status, output } = frame.state(position);
    const goesOn = frame.outgoing(position).some((edge) => frame.edgeState(edge) === "taken");
    if (status === "completed" && !goesOn) outputs.push([id, output ?? null]);
  }
  return Object.fromEntries(outputs);
}
