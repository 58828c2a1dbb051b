import type { NoopConfig } from "../definition/task-types/noop";
import type { Runner } from "./runner";

/** Does nothing; the output is `config.output`. */
export function createNoopRunner(): Runner<NoopConfig> {
  return {
    taskType: "noop",
    run: async ({ output }) => output,
  };
}
