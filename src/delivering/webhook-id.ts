/** `webhook-id` of a callback: the same in every attempt, so that a receiver can tell that it has had it. */
export function webhookId(delivery: { readonly executionId: string; readonly reactionId: string }): string {
  return `${delivery.executionId}.${delivery.reactionId}`;
}
