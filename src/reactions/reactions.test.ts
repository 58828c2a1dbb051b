import { shownUrl, urlProblem } from "./callback-url";
import { callbackBody, type EndedExecutionFields, executionVariable, MAX_INLINE_OUTPUT_BYTES } from "./ended-execution";
import { checkCondition, checkReactionInput, holds, renderReactionInput } from "./reaction-templates";
import { delayAfter, MAX_ATTEMPTS } from "./retry-delays";

const at = new Date("2026-11-22T12:00:00.000Z");
const ended: EndedExecutionFields = {
  id: "e",
  kind: "workflow",
  subjectId: "w",
  status: "COMPLETED",
  workflowVersion: 2,
  input: { a: 1 },
  output: { n: 3 },
  outputBytes: 7,
  error: null,
  errorCode: null,
  errorNodeId: null,
  displayName: null,
  labels: { team: "web" },
  scheduleId: null,
  causedById: null,
  chainDepth: null,
  createdAt: at,
  startedAt: at,
  completedAt: at,
};

test("a callback tells what there is, and an output that is not too large", () => {
  expect(callbackBody(ended)).toEqual({
    type: "execution.completed",
    timestamp: "2026-11-22T12:00:00.000Z",
    data: {
      ...{ id: "e", kind: "workflow", subject_id: "w", status: "COMPLETED", workflow_version: 2, chain_depth: 0 },
      ...{ labels: { team: "web" }, output: { n: 3 }, output_bytes: 7 },
      ...{ created_at: at.toISOString(), started_at: at.toISOString(), completed_at: at.toISOString() },
    },
  });
  const sized = (outputBytes: number) => callbackBody({ ...ended, outputBytes })["data"];
  expect(sized(MAX_INLINE_OUTPUT_BYTES)).toHaveProperty("output");
  expect(sized(MAX_INLINE_OUTPUT_BYTES + 1)).not.toHaveProperty("output");
  expect(sized(MAX_INLINE_OUTPUT_BYTES + 1)).toHaveProperty("output_bytes", MAX_INLINE_OUTPUT_BYTES + 1);
});

test("conditions and inputs see the execution, with null for what there is not", () => {
  const execution = executionVariable(ended);
  expect(holds("execution.output.n == 3 && execution.error == null", execution)).toEqual({ ok: true, value: true });
  expect(holds("${{ execution.status == 'FAILED' }}", execution)).toEqual({ ok: true, value: false });
  expect(holds("execution.output.n", execution)).toMatchObject({ ok: false, error: expect.stringContaining("gave 3") });
  expect(holds("execution.output.x.y", execution)).toMatchObject({ ok: false });
  const rendered = renderReactionInput({ n: "${{ execution.output.n }}", t: "of ${{ execution.id }}" }, execution);
  expect(rendered).toEqual({ ok: true, value: { n: 3, t: "of e" } });
  expect(renderReactionInput({ x: ["${{ execution.output.x }}"] }, execution)).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^input\/x\/0: /),
  });
});

test("what is wrong with them is found before there is an execution", () => {
  expect(checkCondition("execution.output.anything > 1")).toEqual([]);
  expect(checkCondition("nodes.a.output")).toMatchObject([{ code: "EXPRESSION_NAME" }]);
  expect(checkCondition("1 +")).toMatchObject([{ code: "EXPRESSION_SYNTAX" }]);
  expect(checkReactionInput({ a: ["${{ input.x }}"] })).toMatchObject([{ code: "EXPRESSION_NAME", pointer: "/a/0" }]);
});

test("waits grow, and end", () => {
  const delays = Array.from({ length: MAX_ATTEMPTS }, (_, index) => delayAfter(index + 1, () => 0));
  expect(delays.at(-1)).toBeNull();
  const waits = delays.slice(0, -1).map(Number);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits[0]).toBe(5_000);
  expect(delayAfter(1, () => 1)).toBe(5_500);
});

test("a URL is shown without what may be secret in it", () => {
  expect(shownUrl("https://example.com/a/b?token=hush")).toBe("https://example.com/a/b?...");
  expect(shownUrl("http://example.com:8080")).toBe("http://example.com:8080/");
  expect(urlProblem("https://example.com/a")).toBeUndefined();
  for (const url of ["x", "ftp://a", "https://u:p@a/", "https://a/#b", `https://a/${"x".repeat(2_048)}`])
    expect(urlProblem(url)).toBeDefined();
});
