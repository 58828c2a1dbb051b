import type { ClientSession } from "../connection/client-session";
import { isServiceError } from "../connection/rpc-errors";
import { EXIT_CODES } from "../exit-codes";
import { goesOn, lostFor, showOutcome } from "../follow/follow-to-end";
import { writeNotice } from "../follow/follow-view";
import { outcomeOf } from "../follow/progress";
import { interruptionOf } from "../interrupt";
import type { LiveModel } from "./live-fold";
import { readWatched } from "./live-record";
import { LiveView } from "./live-view";
import { Screen } from "./screen";

/** Shows an execution until somebody leaves, and returns the exit code: how it ended, or 130 while it goes on. */
export async function watchLive(
  session: ClientSession,
  request: { readonly executionId: string; readonly reconnectForMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const { executionId, reconnectForMs, signal } = request;
  const watched = await readWatched(session.connection, executionId);
  const screen = new Screen(session.config.color);
  screen.open();
  let model: LiveModel;
  try {
    model = await new LiveView({ session, screen, watched, reconnectForMs }).run(signal);
  } catch (error) {
    throw isServiceError(error) ? lostFor(error, session, executionId) : error;
  } finally {
    screen.close();
  }
  process.stdout.write(`${watched.record.name} ${executionId}\n`);
  if (model.end === null) {
    writeNotice(goesOn(executionId));
    return signal.aborted ? interruptionOf(signal).exitCode : EXIT_CODES.detached;
  }
  const outcome = outcomeOf(model.end.event);
  await showOutcome(session, executionId, outcome, model.end.atMs - (model.startedAtMs ?? model.end.atMs));
  return outcome.status === "completed" ? EXIT_CODES.done : EXIT_CODES.failed;
}
