import { Argument, type Command } from "commander";
import { withExamples } from "../options/command-options";
import { completionScript, SHELLS, type Shell } from "./completion-scripts";

/** `aco completion`, and what its scripts call. */
export function registerCompletionCommand(program: Command): void {
  const completion = program
    .command("completion")
    .description(
      "print a script that lets a shell complete commands, options and ids. The script asks `aco` itself, so it is never out of " +
        "date; ids come from the server at ACO_SERVER where it answers within a second.",
    )
    .addArgument(new Argument("<shell>", "the shell that it is for").choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(`${completionScript(shell)}\n`);
    });
  withExamples(
    completion,
    "source <(aco completion bash)",
    "aco completion zsh > ~/.zfunc/_aco",
    "aco completion fish | source",
  );
  program
    .command("__complete", { hidden: true })
    .description("what may stand where the last of these words is being typed, one a line")
    .argument("[words...]", "what follows `aco` on the line, up to the cursor")
    .action((words: readonly string[]) => actions().printCompletion(program, words));
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./completion-actions") {
  return require("./completion-actions") as typeof import("./completion-actions");
}
