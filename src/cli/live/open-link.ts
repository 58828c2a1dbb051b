import { spawn } from "node:child_process";
import type { Environment } from "../../config";

/** Programs that open a link in the user's browser, by platform. */
const OPENERS: Partial<Readonly<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens a link where there is a desktop; over SSH and in containers there is none, and it resolves to false. */
export async function openLink(url: string, env: Environment, platform: NodeJS.Platform): Promise<boolean> {
  const hasDesktop = platform !== "linux" || env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined;
  const [program, ...args] = OPENERS[platform] ?? [];
  if (program === undefined || !hasDesktop || env["SSH_CONNECTION"] !== undefined) return false;
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.unref();
  return await new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("spawn", () => resolve(true));
  });
}
