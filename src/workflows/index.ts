/** What the worker registers; the names are workflow types in histories (`history-contract.ts`). */
export { concurrencyMutex } from "./concurrency-mutex";
export { executeTask } from "./execute-task";
export { executeWorkflow } from "./execute-workflow";
export { react } from "./react";
export { startScheduled } from "./start-scheduled";
