import { Command, CommanderError } from "commander";
import { registerApprovalsCommand } from "./approvals/approvals-command";
import { registerCompletionCommand } from "./completion/completion-command";
import { registerExecutionCommand } from "./execution/execution-command";
import { registerReplayCommand } from "./execution/export-command";
import { EXIT_CODES } from "./exit-codes";
import { registerRunCommand } from "./follow/run-command";
import { completeHelp, HELP_LAYOUT } from "./help-sections";
import { handleBrokenPipes } from "./interrupt";
import { registerTuiCommand } from "./live/tui-command";
import { registerReactionCommand } from "./reaction/reaction-command";
import { reportError } from "./report-error";
import { registerScheduleCommand } from "./schedule/schedule-command";
import { registerDoctorCommand } from "./server/doctor-command";
import { registerServerCommand } from "./server/server-command";
import { registerStatusCommand } from "./server/status-command";
import { registerWorkerCommand } from "./server/worker-command";
import { registerTaskCommand } from "./task/task-command";
import { readVersion } from "./version";
import { registerWebhookCommand } from "./webhook/webhook-command";
import { registerWorkflowCommand } from "./workflow/workflow-command";

const EPILOGUE = `
Exit codes:
  0    done
  1    refused by the server, or the execution failed or was cancelled
  2    the command line, a file it names or a setting is wrong
  3    no server answers, or it cannot reach Temporal or its database
  130  Ctrl-C while following: the execution goes on

Start here:
  $ aco run examples/build-and-test.yaml  # needs nothing else to be running
  $ aco server start-dev                  # a server of your own; Ctrl-C stops it`;

/**
 * The whole command line. Command files import nothing heavy; what a command needs is loaded when it runs, so that help
 * and client commands start at once and never load Temporal.
 */
export function buildProgram(): Command {
  const program = new Command("aco")
    .description("A durable orchestrator: tasks and workflows over gRPC, executed by Temporal.")
    .version(readVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows what there is, with examples)")
    .configureHelp(HELP_LAYOUT)
    .addHelpText("after", EPILOGUE);
  registerRunCommand(program);
  registerTaskCommand(program);
  registerWorkflowCommand(program);
  registerExecutionCommand(program);
  registerApprovalsCommand(program);
  registerScheduleCommand(program);
  registerReactionCommand(program);
  registerWebhookCommand(program);
  registerReplayCommand(program);
  registerTuiCommand(program);
  registerStatusCommand(program);
  registerDoctorCommand(program);
  registerCompletionCommand(program);
  registerServerCommand(program);
  registerWorkerCommand(program);
  completeHelp(program);
  return program;
}

/** Runs one command line and resolves to the exit code. A command that fails throws; nothing here ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  handleBrokenPipes();
  process.exitCode = EXIT_CODES.done;
  try {
    await buildProgram().parseAsync(argv);
    return Number(process.exitCode);
  } catch (error) {
    // Commander has printed its message. It exits 1 for usage errors by itself; help and --version are no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    return reportError(error);
  }
}
