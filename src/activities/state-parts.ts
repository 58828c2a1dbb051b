import { ApplicationFailure } from "@temporalio/common";
import { parseExecutionId } from "../core/ids";
import type { Store } from "../store/store-port";
import type { StatePartActivities } from "../workflows/state-parts";

/** Keep what one run of a chain hands to the next; each may be done twice. */
export function createStatePartActivities(
  store: Pick<Store, "putBlob" | "getBlob" | "deleteBlobs">,
): StatePartActivities {
  return {
    async save_state_part({ executionId, reference }, bytes) {
      await store.putBlob({ reference, executionId: parseExecutionId(executionId), data: bytes });
    },

    async load_state_part(reference) {
      const bytes = await store.getBlob(reference);
      if (bytes !== null) return bytes;
      throw ApplicationFailure.nonRetryable(`the part ${reference} of the run's state is not in the store`, "INTERNAL");
    },

    async free_state_parts(references) {
      await store.deleteBlobs(references);
    },
  };
}
