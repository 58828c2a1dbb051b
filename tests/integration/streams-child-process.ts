import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Starts a worker with scripted tasks in a process of its own, for a test to kill. */
export async function startChildWorker(address: string, taskQueue?: string): Promise<ChildProcess> {
  const hook = join(__dirname, "typescript-hook.cjs");
  const program = [
    join(__dirname, "streams-child-worker.ts"),
    address,
    ...(taskQueue === undefined ? [] : [taskQueue]),
  ];
  const child = spawn(process.execPath, ["-r", hook, ...program], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout) await once(child.stdout, "data");
  return child;
}
