import type { Issues } from "./issues";
import type { NodeIds } from "./node-ids";
import type { TaskMapping } from "./task-mapping";

/** What all parts of one import share. */
export interface ImportKit {
  readonly ids: NodeIds;
  readonly issues: Issues;
  readonly tasks: TaskMapping;
  /** How often a way that leads back may be taken. */
  readonly loopMax: number;
}
