import { type ClientConfig, readClientConfig } from "../../config";
import { type HealthCheckResponse, HealthStatus } from "../../gen/proto/health";
import { type Check, fail, ok, reasonOf, warn } from "../../server/doctor/check";
import { examineMachine } from "../../server/doctor/run-doctor";
import { openConnection } from "../connection/connection";
import { describeRpcError, isServiceError } from "../connection/rpc-errors";
import { EXIT_CODES } from "../exit-codes";
import { printView } from "../output/output";
import { harmlessLine } from "../output/terminal-text";
import { enumName } from "../output/wire-enums";
import { readVersion } from "../version";
import type { DoctorOptions } from "./doctor-command";
import { doctorView } from "./doctor-view";

/** A server asks Temporal and its database for 0.8 s at most; one that is silent for longer is as good as none. */
const DEADLINE_MS = 5_000;

/** A Date header counts whole seconds, and travels. */
const SKEW_MS = 3_000;

export async function runDoctor(options: DoctorOptions): Promise<void> {
  const config = readClientConfig(options);
  const version = readVersion();
  const { checks, grpc } = await examineMachine(options, version);
  const all = [...checks, ...(await checkServer(config, version, grpc))];
  printView(doctorView(all), config.format);
  process.exitCode = all.some(({ status }) => status === "fail") ? EXIT_CODES.failed : EXIT_CODES.done;
}

/** The server that client commands would speak to; where none is named, that of the data folder. */
async function checkServer(config: ClientConfig, version: string, grpc: string | undefined): Promise<readonly Check[]> {
  const server =
    config.server.configured || grpc === undefined
      ? config.server
      : { ...config.server, url: `http://${grpc}`, target: grpc, tls: false };
  const connection = openConnection({ ...config, server });
  let date: string | undefined;
  try {
    const sentMs = Date.now();
    const health = await connection.call<HealthCheckResponse>((...call) => {
      const stream = connection.health.check({ service: "" }, ...call);
      stream.on("metadata", (metadata) => {
        date = String(metadata.get("date")[0] ?? "");
      });
      return stream;
    }, DEADLINE_MS);
    return [...serverChecks(server.url, health, version), ...clockChecks(date, sentMs, Date.now())];
  } catch (error) {
    const reason = isServiceError(error) ? describeRpcError(error, server.url).message : reasonOf(error);
    const fix = "Start one with `aco server start-dev`, or name one with --server or ACO_SERVER.";
    return [config.server.configured ? fail("server", reason, fix) : warn("server", reason, fix)];
  } finally {
    connection.close();
  }
}

function serverChecks(url: string, health: HealthCheckResponse, version: string): readonly Check[] {
  const status = enumName(HealthStatus, health.status, "HEALTH_STATUS_");
  const parts = Object.entries(health.metadata)
    .map(([name, value]) => harmlessLine(`${name} ${value}`))
    .sort();
  const found = `${url} is ${status} (${parts.join(", ")})`;
  const isServing = health.status === HealthStatus.HEALTH_STATUS_SERVING;
  const fix = "Look into the server's log; what it says of Temporal and the database is above.";
  const itsVersion = harmlessLine(health.version);
  const newer = "Update the older of the two: fields that one does not know are left out.";
  return [
    isServing ? ok("server", found) : fail("server", found, fix),
    itsVersion === version
      ? ok("server.version", itsVersion)
      : warn("server.version", `the server is ${itsVersion}, this command line ${version}`, newer),
  ];
}

/** The header says when the server answered, to the second. */
function clockChecks(date: string | undefined, sentMs: number, receivedMs: number): readonly Check[] {
  const serverMs = Date.parse(date ?? "");
  // A proxy may have taken the header away.
  if (Number.isNaN(serverMs)) return [];
  const aheadMs = serverMs - receivedMs;
  const behindMs = sentMs - (serverMs + 1_000);
  const offMs = Math.max(aheadMs, behindMs, 0);
  if (offMs <= SKEW_MS) return [ok("server.clock", "as this machine's")];
  const how = `${Math.round(offMs / 1_000)} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine`;
  return [warn("server.clock", how, "Set both by NTP; times that are shown, and tokens, go by them.")];
}
