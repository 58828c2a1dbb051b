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
    const { child, said } = this.#start(require.resolve("./api-worker-process"));
    await said();
    return { kill: () => kill(child) };
  }

  async api(): Promise<{ readonly address: string; readonly client: ApiClient; kill(): Promise<void> }> {
    const { child, said } = this.#start(require.resolve("./api-child-process"));
    const address = await said();
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

  /** An API with its page; port 0 is any free one. */
  async web(port: number): Promise<{ readonly url: string; kill(): Promise<void> }> {
    const { child, said } = this.#start(require.resolve("./api-child-process"), String(port));
    await said();
    return { url: await said(), kill: () => kill(child) };
  }

  killAll(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  /** `said` is the program's next line; its first one says that it is ready. */
  #start(program: string, ...settings: readonly string[]): { child: ChildProcess; said(): Promise<string> } {
    const { temporal, taskQueue, dataDir } = this.#stack;
    const command = ["-r", join(__dirname, "typescript-hook.cjs"), program];
    const child = spawn(process.execPath, [...command, temporal.address, taskQueue, dataDir, ...settings], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, said: async () => String((await lines.next()).value) };
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}
