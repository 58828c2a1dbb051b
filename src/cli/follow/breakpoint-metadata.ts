import type { Metadata } from "@grpc/grpc-js";
import type { BreakpointOptions } from "../options/command-options";

/** Says in the request's metadata where the run is to be paused: ExecuteWorkflow's request has no field for it. */
export function withBreakpoints(metadata: Metadata, { breakAt = [], step }: BreakpointOptions): Metadata {
  for (const node of breakAt) metadata.add("aco-break-at", node);
  if (step === true) metadata.set("aco-step", "true");
  return metadata;
}
