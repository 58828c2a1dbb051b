import { once } from "node:events";
import fs from "node:fs";
import type { ExportChunk } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import { isStandardOutput } from "../output/output";
import type { ExportOptions } from "./export-command";

export async function exportExecution(executionId: string, { output, ...options }: ExportOptions): Promise<void> {
  await withSession(options, async ({ connection }) => {
    const stream = connection.executions.exportExecution({ executionId }, connection.metadata());
    let file: number | undefined;
    try {
      for await (const { data } of stream as AsyncIterable<ExportChunk>) {
        if (isStandardOutput(output)) {
          if (!process.stdout.write(data)) await once(process.stdout, "drain");
          continue;
        }
        // Not before the server has something: a refusal leaves no file.
        file ??= open(output);
        fs.writeSync(file, data);
      }
    } finally {
      stream.cancel();
      if (file !== undefined) fs.closeSync(file);
    }
  });
}

/** An export holds what was said in a run; it is not for everybody on the machine. */
function open(file: string): number {
  try {
    return fs.openSync(file, "w", 0o600);
  } catch (error) {
    throw usageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
