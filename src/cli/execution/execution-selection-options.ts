import type { Command } from "commander";
import { collect } from "../options/command-options";
import { oneOf, someOf } from "../options/option-values";

/** Options that say which executions are meant; all of them must match. */
export interface SelectionOptions {
  readonly status?: string;
  readonly kind?: string | undefined;
  readonly of?: string | undefined;
  readonly schedule?: string;
  readonly label?: readonly string[];
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  readonly endedAfter?: string;
  readonly endedBefore?: string;
  readonly error?: string;
  readonly name?: string;
  readonly waitingFor?: string;
  readonly filter?: string | undefined;
}

/** How an execution may end. */
export const ENDS = ["completed", "failed", "cancelled"];
const STATUSES = ["pending", "running", ...ENDS];
/** Of what an execution is one. */
export const KINDS = ["task", "workflow"];

export const FILTER_HELP =
  "the same in one text: status=failed,cancelled kind=workflow of=ID schedule=ID label.KEY=VALUE started>7d started<TIME ended>TIME " +
  "ended<TIME error='some text' name='some text' waiting=approval";

export function withSelectionOptions(command: Command): Command {
  return command
    .addOption(someOf("--status <statuses>", STATUSES, (names) => `only ${names} ones; several with commas`))
    .addOption(oneOf("--kind <kind>", KINDS, () => "only executions of a task or of a workflow"))
    .option("--of <id>", "only executions of this task or workflow")
    .option("--schedule <id>", "only executions that this schedule started")
    .option("--label <key=value>", "only executions with this label; may be repeated", collect)
    .option("--started-after <time>", "only later ones: 2026-11-01, 2026-11-01T12:00:00Z, or how long ago, such as 7d")
    .option("--started-before <time>", "only earlier ones")
    .option("--ended-after <time>", "only what ended later")
    .option("--ended-before <time>", "only what ended earlier")
    .option("--error <text>", "only executions with this in their error's code, node or message")
    .option("--name <text>", "only executions with this in the name that they were given")
    .addOption(
      someOf(
        "--waiting-for <kinds>",
        ["approval", "signal", "timer", "pause", "turn"],
        () =>
          "only what waits for an approval, a signal, a timer, a resume after a pause (pause), or its turn (turn); several with commas",
      ),
    )
    .option("--filter <text>", FILTER_HELP);
}
