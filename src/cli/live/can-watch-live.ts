import { type ClientFlags, processEnvironment } from "../../config";

/**
 * Whether somebody sits there who can be shown a live view and press keys: a real terminal at both ends, and no format that was
 * asked for, by option or by variable.
 */
export function canWatchLive({ format }: ClientFlags): boolean {
  const { ACO_FORMAT, TERM } = processEnvironment();
  const isTerminal = process.stdout.isTTY === true && process.stdin.isTTY === true;
  return isTerminal && (format ?? ACO_FORMAT ?? "") === "" && TERM !== "dumb";
}
