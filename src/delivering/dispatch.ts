import type { Logger } from "../core/logger";
import type { DeliveryKey, ReactionStore } from "../store/reaction-records";
import type { ReactionRuns } from "../temporal/reaction-runs";

/** How long a sweep leaves a delivery alone whose run it has just made sure of. */
const LOOK_AGAIN_MS = 60_000;

/** Makes sure that somebody carries the delivery out, and notes it, so that the sweep looks elsewhere. */
export async function dispatch(
  store: Pick<ReactionStore, "postponeDelivery">,
  runs: Pick<ReactionRuns, "ensure">,
  delivery: DeliveryKey,
): Promise<void> {
  await runs.ensure(delivery);
  await store.postponeDelivery(delivery, new Date(Date.now() + LOOK_AGAIN_MS));
}

/** For the worker that recorded an end: carries out at once what the sweep would find later. Never rejects. */
export async function dispatchAll(
  store: Pick<ReactionStore, "postponeDelivery" | "listDeliveries">,
  runs: Pick<ReactionRuns, "ensure">,
  executionId: DeliveryKey["executionId"],
  logger: Logger,
): Promise<void> {
  try {
    const deliveries = await store.listDeliveries(executionId);
    for (const delivery of deliveries) if (delivery.status === "PENDING") await dispatch(store, runs, delivery);
  } catch (error) {
    logger.warn({ execution_id: executionId, err: error }, "a reaction could not be started; the sweep starts it");
  }
}
