/** Which records of ended executions are kept; where both are set, those that either keeps. Null: all of them. */
export interface RecordRetention {
  /** Those that ended less than this ago. */
  readonly forMs: number | null;
  /** The newest this many of each task and workflow. */
  readonly last: number | null;
}

export const KEEP_ALL: RecordRetention = { forMs: null, last: null };
