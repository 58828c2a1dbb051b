import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { isLargerThan } from "../core/utf8-size";
import { checkAgainstSchema } from "../definition/json-schema";
import type { Draft } from "./draft";
import type { RunOutcome } from "./engine-types";
import { problemsFailure, renderFailure } from "./failures";
import { MAX_OUTPUT_BYTES } from "./limits";
import { render } from "./scope";

/** The size of an output's JSON in UTF-16 units, or why it cannot be kept. */
export function outputSize(output: JsonValue): Result<number, Failure> {
  try {
    const text = JSON.stringify(output);
    if (!isLargerThan(text, MAX_OUTPUT_BYTES)) return ok(text.length);
    return err({
      code: "OUTPUT_TOO_LARGE",
      message: `output of ${text.length} characters is larger than ${MAX_OUTPUT_BYTES} bytes`,
    });
  } catch {
    return err({ code: "OUTPUT_TOO_LARGE", message: "output is nested too deeply" });
  }
}

/** How a run ends whose nodes have all ended. */
export function completedOutcome(draft: Draft): RunOutcome {
  const output = runOutput(draft);
  if (!output.ok) return { status: "failed", failure: output.error };
  const size = outputSize(output.value);
  if (!size.ok) return { status: "failed", failure: size.error };
  const schema = draft.before.snapshot.definition.output_schema;
  const problems = schema === undefined ? [] : checkAgainstSchema(schema, output.value);
  if (problems.length > 0) return { status: "failed", failure: problemsFailure("OUTPUT_INVALID", problems) };
  return { status: "completed", output: output.value };
}

function runOutput(draft: Draft): Result<JsonValue, Failure> {
  const template = draft.before.snapshot.definition.output;
  if (template === undefined) return ok(lastOutputs(draft));
  const rendered = render(draft, template, null, "/output");
  return rendered.ok ? rendered : err(renderFailure(rendered.error));
}

/** The outputs of the nodes at which the run ended: those that completed and that it did not go on from. */
function lastOutputs(draft: Draft): JsonValue {
  const outputs: [string, JsonValue][] = [];
  for (const [id, position] of draft.index.positions) {
    const { status, output } = draft.state(position);
    const goesOn = draft.index.outgoing[position]?.some((edge) => draft.edgeState(edge) === "taken") ?? false;
    if (status === "completed" && !goesOn) outputs.push([id, output ?? null]);
  }
  return Object.fromEntries(outputs);
}
