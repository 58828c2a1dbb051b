import { OrchestratorError } from "../../core/errors";
import { MAX_RESPONSE_BYTES } from "../limits";

/** Throws RESOURCE_EXHAUSTED, which says what to do, where clients would refuse the page for its size. */
export function assertPageFits(sizeBytes: number, rows: number): void {
  if (sizeBytes <= MAX_RESPONSE_BYTES) return;
  throw new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `the ${rows} rows of this page have ${sizeBytes} bytes, more than the ${MAX_RESPONSE_BYTES} of a message; ask for a smaller \`limit\``,
  );
}
