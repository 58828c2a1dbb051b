import fs from "node:fs";
import { readClientConfig } from "../../config";
import { replayExport } from "../../server/replay-export";
import { EXIT_CODES, usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { printView } from "../output/output";
import { recordView } from "../record/records-view";

export async function replayFile(file: string, options: ClientOptions): Promise<void> {
  const { format } = readClientConfig(options);
  const text = read(file);
  const report = await replayExport(text).catch((error: unknown) => {
    throw usageError(`${file} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { executionId, runs, events, differences } = report;
  const isSame = differences.length === 0;
  const fields = [
    ["execution", executionId] as const,
    ["decides", isSame ? "the same" : "otherwise"] as const,
    ["runs", String(runs)] as const,
    ["events", String(events)] as const,
    ["differences", differences.join("\n")] as const,
  ];
  printView(recordView(fields, { execution_id: executionId, same: isSame, runs, events, differences }), format);
  if (!isSame) process.exitCode = EXIT_CODES.failed;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
