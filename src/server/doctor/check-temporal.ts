import { connect } from "node:net";
import { Connection } from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import type { TemporalOptions } from "../../config";
import { isNamespaceMissing, isNotFound } from "../../temporal/grpc-errors";
import { toMs } from "../../temporal/payloads";
import { SEARCH_ATTRIBUTES } from "../../workflows/history-contract";
import { type Check, fail, ok, reasonOf, warn } from "./check";

const CALL_TIMEOUT_MS = 5_000;

/** What a clock may be off before timers and timeouts look strange. */
const SKEW_MS = 2_000;

const { TaskQueueType } = temporal.api.enums.v1;

/** Whether Temporal answers, knows the namespace and our search attributes, has workers, and what time it is there. */
export async function checkTemporal(
  options: TemporalOptions,
  taskQueue: string,
  isOurs: boolean,
): Promise<readonly Check[]> {
  const { address, namespace, apiKey, tls, metadata } = options;
  const connection = Connection.lazy({
    address,
    connectTimeout: CALL_TIMEOUT_MS,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  });
  try {
    await knock(address);
    return await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => look(connection, options, taskQueue));
  } catch (error) {
    if (isOurs) return [ok("temporal", `not running at ${address}; start-dev starts it`)];
    const fix = "Start it, or correct TEMPORAL_ADDRESS (and TEMPORAL_TLS, TEMPORAL_API_KEY).";
    return [fail("temporal", `${address} does not answer: ${reasonOf(error)}`, fix)];
  } finally {
    await connection.close();
  }

  async function look(open: Connection, { namespace: name }: TemporalOptions, queue: string) {
    const { serverVersion } = await open.workflowService.getSystemInfo({});
    const reached = ok("temporal", `${serverVersion} at ${address}`);
    const found = await checkNamespace(open, name);
    if (found.status === "fail") return [reached, found];
    return [reached, found, await checkSearchAttributes(open, namespace), ...(await checkWorkers(open, name, queue))];
  }
}

/** gRPC tries again and again where nobody listens, and then knows only that it took too long. */
async function knock(address: string): Promise<void> {
  const [, host = "", port = ""] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(address) ?? [];
  // Names that only gRPC understands are left to it.
  if (host === "") return;
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: CALL_TIMEOUT_MS });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(new Error(`no answer within ${CALL_TIMEOUT_MS / 1_000} s`)));
    socket.once("error", end);
  });
}

async function checkNamespace(connection: Connection, namespace: string): Promise<Check> {
  const id = "temporal.namespace";
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
    return ok(id, `${namespace}, keeps ended runs for ${days.toFixed(days < 10 ? 1 : 0)} days`);
  } catch (error) {
    if (!isNotFound(error) && !isNamespaceMissing(error)) throw error;
    const fix = `temporal operator namespace create --namespace ${namespace}    (or set TEMPORAL_NAMESPACE)`;
    return fail(id, `there is no namespace ${namespace}`, fix);
  }
}

async function checkSearchAttributes(connection: Connection, namespace: string): Promise<Check> {
  const id = "temporal.search_attributes";
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const names = Object.values(SEARCH_ATTRIBUTES);
    const missing = names.filter((name) => customAttributes[name] === undefined);
    if (missing.length === 0) return ok(id, names.join(", "));
    const flags = missing.map((name) => `--name ${name} --type Keyword`).join(" ");
    const fix = `temporal operator search-attribute create --namespace ${namespace} ${flags}`;
    return fail(id, `${missing.join(", ")} are missing`, fix);
  } catch (error) {
    return warn(
      id,
      `cannot be listed: ${reasonOf(error)}`,
      "Ask an administrator of the namespace whether they exist.",
    );
  }
}

/** Temporal's answers tell no time; what it noted of workers does: it cannot be later than now. */
async function checkWorkers(connection: Connection, namespace: string, taskQueue: string): Promise<readonly Check[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
  });
  const workers = new Set(pollers.map(({ identity }) => identity)).size;
  const start = "Start one with `aco worker start`; without one, executions wait.";
  const polling =
    workers > 0
      ? ok("temporal.workers", `${workers} polled the task queue ${taskQueue} in the last minutes`)
      : warn("temporal.workers", `none polls the task queue ${taskQueue}`, start);
  const latest = Math.max(0, ...pollers.map(({ lastAccessTime }) => toMs(lastAccessTime)));
  const aheadMs = latest - Date.now();
  if (latest === 0) return [polling];
  const clock =
    aheadMs > SKEW_MS
      ? warn("temporal.clock", `at least ${Math.round(aheadMs / 1_000)} s ahead of this machine`, "Run NTP on both.")
      : ok("temporal.clock", "not ahead of this machine");
  return [polling, clock];
}
