import type * as Engine from "../engine/engine";

/**
 * The SDK takes a stack trace for every promise that a run makes, for the query `__stack_trace`: 4 to 5 ms of a one-task
 * run. The stacks of the driver say nothing about a user's graph (the query `state` does), so there are none: where the limit is
 * no number, V8 takes none, and the SDK keeps no book of the promises. Set here because this module is loaded before the SDK
 * freezes the sandbox's `Error`. See docs/decisions/0009.
 */
Reflect.set(Error, "stackTraceLimit", undefined);

let engine: typeof Engine | undefined;

/**
 * The engine, loaded once for all runs of a worker. Temporal evaluates the modules of a workflow anew for every run, and
 * those under the engine (CEL, JSON Schema, zod) take 20 to 40 ms for that, more than the whole rest of a short run.
 * This module is preloaded (`preloadModules` in `src/temporal/workflow-bundle.ts`), so its variable outlives the run
 * that first asks; the engine itself is not, because preloaded modules are frozen deeply and zod's objects change
 * themselves. It is sound because the engine is pure: nothing of one run stays in it, and loading it issues no command.
 */
export function sharedEngine(): typeof Engine {
  engine ??= require("../engine/engine") as typeof Engine;
  return engine;
}
