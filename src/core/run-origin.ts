/** What started an execution, where no client did; stands in its run's input and in its record. */
export interface RunOrigin {
  /** Id of the schedule. */
  readonly scheduleId?: string;
  /** Name of the inbound webhook. */
  readonly webhookName?: string;
  /** The execution whose end it follows, and how many led to it one after the other, from 1. */
  readonly causedById?: string;
  readonly chainDepth?: number;
}
