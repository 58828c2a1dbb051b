/** What the server wrote into the document. */
function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="aco-${name}"]`)?.content ?? "";
}

export const VERSION = meta("version");

/** Where a run is shown in Temporal's Web UI; null where the server does not know where that is. */
export function temporalRunUrl(workflowId: string, runId: string): string | null {
  const base = meta("temporal-ui");
  if (base === "" || workflowId === "" || runId === "") return null;
  const namespace = encodeURIComponent(meta("temporal-namespace"));
  return `${base}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}/history`;
}
