import { withSession } from "../connection/client-session";
import { EXIT_CODES, usageError } from "../exit-codes";
import { interruptionOf, withInterruption } from "../interrupt";
import { BrowseView } from "./browse-view";
import { Screen } from "./screen";
import type { TuiOptions } from "./tui-command";

export async function browse({ reconnectFor, ...options }: TuiOptions): Promise<void> {
  if (process.stdout.isTTY !== true || process.stdin.isTTY !== true)
    throw usageError(
      "aco tui needs a terminal",
      "Scripts have `aco execution list`, `aco approvals` and `aco schedule list`.",
    );
  await withSession(options, async (session) => {
    const screen = new Screen(session.config.color);
    const view = new BrowseView(session, screen, reconnectFor * 1_000);
    // Before the terminal is taken: what is wrong with the server is said as any other command says it.
    await view.load();
    process.exitCode = await withInterruption(async (signal) => {
      screen.open();
      try {
        await view.run(signal);
      } finally {
        screen.close();
      }
      return signal.aborted ? interruptionOf(signal).exitCode : EXIT_CODES.done;
    });
  });
}
