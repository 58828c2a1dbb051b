import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ApiClient, connectApi } from "./api-client";
import type { TestStack } from "./api-stack";

/** APIs and workers in processes of their own, on the store and the Temporal of a stack, to be killed as by `kill -9`. */
export class Killables {
  readonly #stack: TestStack;
  readonly #children: ChildProcess[] = [];

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async worker(): Promise<{ kill(): Promise<void> }> {
    const { child } = await this.#start(require.resolve("./api-worker-process"));
    return { kill: () => kill(child) };
  }

  async api(): Promise<{ readonly address: string; readonly client: ApiClient; kill(): Promise<void> }> {
    const { child, line: address } = await this.#start(require.resolve("./api-child-process"));
    const client = connectApi(address);
    return {
      address,
      client,
      kill: async () => {
        await kill(child);
        client.close();
      },
    };
  }

  killAll(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  /** The program's first line says that it is ready. */
  async #start(program: string): Promise<{ readonly child: ChildProcess; readonly line: string }> {
    const { temporal, taskQueue, dataDir } = this.#stack;
    const command = ["-r", join(__dirname, "typescript-hook.cjs"), program];
    const child = spawn(process.execPath, [...command, temporal.address, taskQueue, dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return { child, line };
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}
