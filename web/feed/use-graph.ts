import { useEffect, useState } from "preact/hooks";
import { isJsonObject, type JsonValue } from "../../src/core/json";
import { CALL, errorText, executions } from "../api/clients";
import { layOut } from "../graph/lay-out";
import type { LayoutAnswer } from "../graph/layout-worker";

/** The graph of a version of a workflow, laid out; null until it is. */
export function useGraph(workflowId: string, version: number | undefined): LayoutAnswer | null {
  const [graph, setGraph] = useState<LayoutAnswer | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setGraph(null);
    load(workflowId, version, stop.signal).then(
      (answer) => !stop.signal.aborted && setGraph(answer),
      (error: unknown) => !stop.signal.aborted && setGraph({ ok: false, problem: errorText(error) }),
    );
    return () => stop.abort();
  }, [workflowId, version]);
  return graph;
}

async function load(workflowId: string, version: number | undefined, signal: AbortSignal): Promise<LayoutAnswer> {
  const wanted = version === undefined ? { workflowId } : { workflowId, version };
  const { definition } = await executions.getWorkflowVersion(wanted, { ...CALL, signal });
  const value = JSON.parse(definition ?? "null") as JsonValue;
  if (!isJsonObject(value)) return { ok: false, problem: "the workflow has no definition" };
  return await layOut(value, signal);
}
