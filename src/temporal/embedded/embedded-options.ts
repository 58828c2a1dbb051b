import { SEARCH_ATTRIBUTES } from "../../workflows/history-contract";

/**
 * What the embedded server is told beside its ports; `design.md`, "Embedded Temporal", has the measurements. Write-ahead
 * log and normal synchronisation lose nothing when processes are killed. The queue processors' stock limit of 20 loads a
 * second and shard, on the one shard of a dev server, would make every step wait up to 50 ms.
 */
const SQLITE_PRAGMAS = ["journal_mode=WAL", "synchronous=NORMAL"];
const DYNAMIC_CONFIG = [
  "history.transferProcessorMaxPollRPS=2000",
  "history.timerProcessorMaxPollRPS=2000",
  "history.visibilityProcessorMaxPollRPS=2000",
  // Off by default in 1.32: the server tells the worker of a cancel (and of a run that was terminated) itself, so a task
  // hears of it after 0.05 s instead of with its next heartbeat, up to 3.3 s later.
  "system.enableCancelActivityWorkerCommand=true",
  "frontend.WorkerCommandsEnabled=true",
  // By default timers (also those of retries) fire up to 1 s late: three attempts 10 ms apart took 2.1 s, and take 0.2 s.
  // An idle server uses no more CPU for it (0.3 % of a core with and without).
  'history.timerProcessorMaxTimeShift="10ms"',
];

/** Only this machine may talk to it: it has no authentication. */
export const EMBEDDED_HOST = "127.0.0.1";

export interface EmbeddedPorts {
  readonly port: number;
  readonly uiPort: number;
}

/** Arguments of the Temporal CLI. */
export function startDevArguments(databasePath: string, ports: EmbeddedPorts, namespace: string): readonly string[] {
  return [
    ...["server", "start-dev", "--ip", EMBEDDED_HOST],
    ...["--port", String(ports.port), "--ui-port", String(ports.uiPort), "--ui-disable-news-fetch"],
    ...["--db-filename", databasePath, "--namespace", namespace],
    ...SQLITE_PRAGMAS.flatMap((pragma) => ["--sqlite-pragma", pragma]),
    ...DYNAMIC_CONFIG.flatMap((value) => ["--dynamic-config-value", value]),
    ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ["--search-attribute", `${name}=Keyword`]),
  ];
}
