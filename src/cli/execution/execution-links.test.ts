import { Execution, ExecutionKind } from "../../gen/proto/executions";
import { pageLink, temporalUiLink } from "./execution-links";

const PLACES = { temporal_ui: "http://ui", temporal_namespace: "a b", web: "http://page" };

const execution = (kind: ExecutionKind) =>
  Execution.fromPartial({ id: "e", kind, temporalWorkflowId: "workflow/w/e", temporalRunId: "r" });

test("leads to the one run of a task's execution, and to the newest of a workflow's, which may have been reset", () => {
  const runs = "http://ui/namespaces/a%20b/workflows/workflow%2Fw%2Fe";
  expect(temporalUiLink(PLACES, execution(ExecutionKind.EXECUTION_KIND_TASK))).toBe(`${runs}/r`);
  expect(temporalUiLink(PLACES, execution(ExecutionKind.EXECUTION_KIND_WORKFLOW))).toBe(runs);
});

test("leads nowhere where the server does not know a place", () => {
  const one = execution(ExecutionKind.EXECUTION_KIND_WORKFLOW);
  expect([temporalUiLink({}, one), pageLink({}, one), pageLink(PLACES, one)]).toEqual([
    null,
    null,
    "http://page/executions/e",
  ]);
});
