import { describeRpcError, isServiceError } from "../connection/rpc-errors";
import { isCliError } from "../exit-codes";

/** What went wrong, on one line, for somebody who goes on working. */
export function problemText(error: unknown, serverUrl: string): string {
  if (isServiceError(error)) return describeRpcError(error, serverUrl).message;
  if (isCliError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
