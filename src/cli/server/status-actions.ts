import { durationText } from "../../core/duration-text";
import { type HealthCheckResponse, HealthStatus } from "../../gen/proto/health";
import { withSession } from "../connection/client-session";
import { EXIT_CODES } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { harmlessLine } from "../output/terminal-text";
import { enumName } from "../output/wire-enums";
import { recordView } from "../record/records-view";

/** A server asks Temporal and its database within 5 s; probes want an answer sooner than other calls. */
const STATUS_DEADLINE_MS = 10_000;

export async function showStatus(options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    const health = await connection.call<HealthCheckResponse>(
      (...call) => connection.health.check({ service: "" }, ...call),
      STATUS_DEADLINE_MS,
    );
    const status = enumName(HealthStatus, health.status, "HEALTH_STATUS_");
    const details = Object.entries(health.metadata).sort();
    print(
      recordView(
        [
          ["server", connection.url],
          ["status", status],
          ["version", harmlessLine(health.version)],
          ["uptime", durationText(health.uptimeSeconds * 1_000)],
          ...details.map(([name, value]) => [harmlessLine(name), harmlessLine(value)] as const),
        ],
        {
          server: connection.url,
          status,
          version: health.version,
          uptime_seconds: health.uptimeSeconds,
          metadata: Object.fromEntries(details),
        },
      ),
    );
    const isServing = health.status === HealthStatus.HEALTH_STATUS_SERVING;
    process.exitCode = isServing ? EXIT_CODES.done : EXIT_CODES.unreachable;
  });
}
