import type { EngineCommand, RunTaskCommand, StartChildCommand } from "./engine-types";

type StartCommand = RunTaskCommand | StartChildCommand | Extract<EngineCommand, { readonly type: "start_timer" }>;

/** The commands of one step. What the same step starts and cancels is never told to anybody. */
export class CommandList {
  /** Undefined where a command was taken back. */
  readonly #commands: (EngineCommand | undefined)[] = [];
  /** Where each start stands that nobody has been told of yet, by kind and id. */
  readonly #unsent = new Map<string, number>();

  add(command: EngineCommand): void {
    if (isStart(command)) this.#unsent.set(keyOf(command.type, startedId(command)), this.#commands.length);
    this.#commands.push(command);
  }

  /** Cancels a task. True where it was only to be started by this very step; then there is nothing to cancel. */
  cancelTask(activityId: string): boolean {
    return this.#cancel("run_task", activityId, { type: "cancel_task", activityId });
  }

  cancelTimer(timerId: string): boolean {
    return this.#cancel("start_timer", timerId, { type: "cancel_timer", timerId });
  }

  cancelChild(childId: string): boolean {
    return this.#cancel("start_child", childId, { type: "cancel_child", childId });
  }

  all(): readonly EngineCommand[] {
    return this.#commands.filter((command) => command !== undefined);
  }

  #cancel(type: StartCommand["type"], id: string, command: EngineCommand): boolean {
    const key = keyOf(type, id);
    const position = this.#unsent.get(key);
    if (position === undefined) this.#commands.push(command);
    else this.#commands[position] = undefined;
    return this.#unsent.delete(key);
  }
}

function isStart(command: EngineCommand): command is StartCommand {
  return command.type === "run_task" || command.type === "start_timer" || command.type === "start_child";
}

function startedId(command: StartCommand): string {
  switch (command.type) {
    case "run_task":
      return command.activityId;
    case "start_timer":
      return command.timerId;
    case "start_child":
      return command.childId;
  }
}

function keyOf(type: StartCommand["type"], id: string): string {
  return `${type} ${id}`;
}
