import { type Execution, ExecutionKind } from "../../gen/proto/executions";
import type { HealthCheckResponse } from "../../gen/proto/health";
import type { Connection } from "../connection/connection";

/** What the server knows of the places where a person may look at its executions: the metadata of its health. */
export type KnownPlaces = Readonly<Record<string, string>>;

/**
 * The run in Temporal's Web UI; null where the server does not know where that is. Without a run's id the page shows the newest
 * run of the name: of a workflow's execution, which has a name of its own, that is where it stands after resets and
 * continue-as-new. Executions of a task share one.
 */
export function temporalUiLink(places: KnownPlaces, execution: Execution): string | null {
  const { temporal_ui: ui, temporal_namespace: namespace } = places;
  if (ui === undefined || namespace === undefined) return null;
  const { kind, temporalWorkflowId, temporalRunId } = execution;
  const run = kind === ExecutionKind.EXECUTION_KIND_TASK ? [temporalRunId] : [];
  const path = [temporalWorkflowId, ...run].map(encodeURIComponent).join("/");
  return `${ui}/namespaces/${encodeURIComponent(namespace)}/workflows/${path}`;
}

/** The execution in our web page; null where the server serves none. */
export function pageLink({ web }: KnownPlaces, { id }: Execution): string | null {
  return web === undefined ? null : `${web}/executions/${encodeURIComponent(id)}`;
}

/** Throws what gRPC throws. */
export async function knownPlaces(connection: Connection): Promise<KnownPlaces> {
  const { metadata } = await connection.call<HealthCheckResponse>((...call) =>
    connection.health.check({ service: "" }, ...call),
  );
  return metadata;
}
