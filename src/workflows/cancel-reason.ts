import type { WorkflowInterceptors } from "@temporalio/workflow";
import { withReason } from "../events/run-closed";
import { wellFormed } from "./well-formed";

/** Longest reason that a run keeps, in UTF-16 units: what Temporal's own clients may send (`limit.maxIDLength`). */
const MAX_REASON_LENGTH = 1_000;

/** Of this run: the sandbox loads the module anew for each. */
let requested = "";

/** Why the run was asked to stop; `cancelled` at least. */
export function cancelReason(): string {
  return withReason("cancelled", wellFormed(requested.slice(0, MAX_REASON_LENGTH)));
}

/** The SDK cancels a scope and keeps the reason of it to itself; what it is sent can be listened to. */
export function interceptors(): WorkflowInterceptors {
  return {
    internals: [
      {
        activate(input, next) {
          for (const { cancelWorkflow } of input.activation.jobs ?? []) requested = cancelWorkflow?.reason ?? requested;
          next(input);
        },
      },
    ],
  };
}
