import { randomUUID } from "node:crypto";
import type { Client } from "@temporalio/client";
import type { temporal } from "@temporalio/proto";
import { OrchestratorError } from "../core/errors";
import type { ScheduleTimes } from "../schedules/schedule-spec";
import { SEARCH_ATTRIBUTES } from "../workflows/history-contract";
import { grpcCodeOf, isNotFound, unavailableWhenUnreachable, whileNamespaceMissing } from "./grpc-errors";
import { toMs } from "./payloads";
import {
  decodeDefinition,
  decodeState,
  decodeSummary,
  encodeOverlap,
  encodeSchedule,
  encodeTime,
  encodeTimes,
  MEMO_TARGET,
  SCHEDULE_PREFIX,
  specRefused,
  toPayload,
} from "./schedule-messages";
import type {
  BackfillRange,
  ScheduleActionTaken,
  ScheduleDefinition,
  ScheduleOverlap,
  SchedulePage,
  ScheduleState,
  Schedules,
  StarterEnd,
  TimeRange,
} from "./schedules-port";
import { starterEndOf } from "./starter-end";

const CALL_TIMEOUT_MS = 10_000;

/** gRPC status codes, by the specification. */
const INVALID_ARGUMENT = 3;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;

/** Most times that Temporal tells at once. */
const MAX_TIMES_TOLD = 1_000;

/** The first stretch in which times are looked for; each next one is eight times as long. */
const FIRST_STRETCH_MS = 60_000;
const STRETCH_FACTOR = 8;

/** How often a change is tried against others at the same time. */
const MAX_UPDATE_TRIES = 10;

type Service = Client["workflowService"];

export function createSchedules(options: { readonly client: Client; readonly taskQueue: string }): Schedules {
  return new TemporalSchedules(options.client, options.taskQueue);
}

class TemporalSchedules implements Schedules {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, taskQueue: string) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  async create(id: string, schedule: ScheduleDefinition): Promise<boolean> {
    const { kind, subjectId } = schedule.target;
    const attribute = SEARCH_ATTRIBUTES[kind === "task" ? "taskId" : "workflowId"];
    const created = await this.#call((service, namespace) =>
      service.createSchedule({
        ...this.#request(namespace, SCHEDULE_PREFIX + id),
        schedule: encodeSchedule(id, schedule, this.#taskQueue),
        memo: { fields: { [MEMO_TARGET]: toPayload(schedule.target) } },
        searchAttributes: { indexedFields: { [attribute]: keyword(subjectId) } },
      }),
    ).catch((error: unknown) => {
      if (grpcCodeOf(error) === ALREADY_EXISTS) return null;
      throw error;
    });
    return created !== null;
  }

  async get(id: string): Promise<ScheduleState | null> {
    const described = await this.#describe(id);
    return described === null ? null : decodeState(id, described);
  }

  async list({ pageSize, pageToken, target }: Parameters<Schedules["list"]>[0]): Promise<SchedulePage> {
    const of =
      target && `${SEARCH_ATTRIBUTES[target.kind === "task" ? "taskId" : "workflowId"]} = '${target.subjectId}'`;
    const ours = `ScheduleId STARTS_WITH '${SCHEDULE_PREFIX}'`;
    const { schedules, nextPageToken } = await this.#call((service, namespace) =>
      service.listSchedules({
        namespace,
        maximumPageSize: pageSize,
        nextPageToken: pageToken,
        query: of === undefined ? ours : `${ours} AND ${of}`,
      }),
    );
    const items = schedules.flatMap((entry) => decodeSummary(entry) ?? []);
    return { items, nextPageToken };
  }

  async update(id: string, change: (current: ScheduleDefinition) => ScheduleDefinition): Promise<boolean> {
    for (let tries = 1; tries <= MAX_UPDATE_TRIES; tries++) {
      const described = await this.#describe(id);
      const current = decodeDefinition(described?.schedule);
      if (described === null || current === null) return false;
      const schedule = encodeSchedule(id, change(current), this.#taskQueue);
      const conflictToken = described.conflictToken ?? null;
      try {
        const changed = await this.#unlessMissing((service, namespace) =>
          service.updateSchedule({ ...this.#request(namespace, SCHEDULE_PREFIX + id), schedule, conflictToken }),
        );
        return changed !== null;
      } catch (error) {
        // Somebody else's change came in between.
        if (grpcCodeOf(error) !== FAILED_PRECONDITION) throw error;
      }
    }
    throw new OrchestratorError("UNAVAILABLE", "others kept changing the schedule at the same time; try again");
  }

  async delete(id: string): Promise<boolean> {
    // Not one of somebody else's.
    if ((await this.get(id)) === null) return false;
    return await this.#deleteById(SCHEDULE_PREFIX + id);
  }

  async trigger(id: string, overlap: ScheduleOverlap | undefined, requestId: string): Promise<boolean> {
    return await this.#patch(id, requestId, { triggerImmediately: { overlapPolicy: encodeOverlap(overlap) } });
  }

  async backfill(id: string, { from, to, overlap }: BackfillRange, requestId: string): Promise<boolean> {
    const backfill = {
      startTime: encodeTime(from.getTime()),
      endTime: encodeTime(to.getTime()),
      overlapPolicy: encodeOverlap(overlap),
    };
    return await this.#patch(id, requestId, { backfillRequest: [backfill] });
  }

  async timesOf(id: string, range: TimeRange): Promise<readonly Date[] | null> {
    if ((await this.get(id)) === null) return null;
    return await this.#timesOf(SCHEDULE_PREFIX + id, range);
  }

  /** Temporal itself tells the times, of a schedule that is paused, starts nothing, and is gone right after. */
  async timesOfSpec(times: ScheduleTimes, range: TimeRange): Promise<readonly Date[]> {
    const scheduleId = `aco-preview/${randomUUID()}`;
    const schedule: temporal.api.schedule.v1.ISchedule = {
      spec: encodeTimes(times),
      action: {
        startWorkflow: { workflowId: scheduleId, workflowType: { name: "none" }, taskQueue: { name: this.#taskQueue } },
      },
      // Should it be left behind, it has nothing to do, and Temporal removes such a schedule by itself.
      state: { limitedActions: true, notes: "a preview; may be deleted" },
    };
    await this.#call((service, namespace) =>
      service.createSchedule({ ...this.#request(namespace, scheduleId), schedule }),
    );
    try {
      return (await this.#timesOf(scheduleId, range)) ?? [];
    } finally {
      await this.#deleteById(scheduleId);
    }
  }

  async starterEnd(action: ScheduleActionTaken): Promise<StarterEnd | null> {
    return await this.#unlessMissing((_service, namespace) => starterEndOf(this.#client, namespace, action));
  }

  /** Looks further and further ahead: a schedule may start something each second or once in years. */
  async #timesOf(scheduleId: string, { from, to, count }: TimeRange): Promise<readonly Date[] | null> {
    const found: Date[] = [];
    // Temporal leaves out the start of a range.
    let startMs = from.getTime() - 1;
    for (
      let stretchMs = FIRST_STRETCH_MS;
      found.length < count && startMs < to.getTime();
      stretchMs *= STRETCH_FACTOR
    ) {
      const endMs = Math.min(to.getTime(), startMs + stretchMs);
      const told = await this.#unlessMissing((service, namespace) =>
        service.listScheduleMatchingTimes({
          namespace,
          scheduleId,
          startTime: encodeTime(startMs),
          endTime: encodeTime(endMs),
        }),
      );
      if (told === null) return null;
      const times = told.startTime.map((time) => toMs(time));
      found.push(...times.filter((ms) => ms >= from.getTime() && ms <= to.getTime()).map((ms) => new Date(ms)));
      startMs = times.length >= MAX_TIMES_TOLD ? (times.at(-1) ?? endMs) : endMs;
    }
    return found.slice(0, count);
  }

  async #describe(id: string): Promise<temporal.api.workflowservice.v1.IDescribeScheduleResponse | null> {
    return await this.#unlessMissing((service, namespace) =>
      service.describeSchedule({ namespace, scheduleId: SCHEDULE_PREFIX + id }),
    );
  }

  async #patch(id: string, requestId: string, patch: temporal.api.schedule.v1.ISchedulePatch): Promise<boolean> {
    const patched = await this.#unlessMissing((service, namespace) =>
      service.patchSchedule({ ...this.#request(namespace, SCHEDULE_PREFIX + id), requestId, patch }),
    );
    return patched !== null;
  }

  async #deleteById(scheduleId: string): Promise<boolean> {
    const { identity } = this.#client.options;
    const deleted = await this.#unlessMissing((service, namespace) =>
      service.deleteSchedule({ namespace, identity, scheduleId }),
    );
    return deleted !== null;
  }

  #request(namespace: string, scheduleId: string) {
    return { namespace, scheduleId, identity: this.#client.options.identity, requestId: randomUUID() };
  }

  async #unlessMissing<T>(call: (service: Service, namespace: string) => Promise<T>): Promise<T | null> {
    try {
      return await this.#call(call);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async #call<T>(call: (service: Service, namespace: string) => Promise<T>): Promise<T> {
    const { connection, workflowService, options } = this.#client;
    try {
      return await unavailableWhenUnreachable("Temporal cannot be reached", () =>
        whileNamespaceMissing(() =>
          connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => call(workflowService, options.namespace)),
        ),
      );
    } catch (error) {
      if (grpcCodeOf(error) === INVALID_ARGUMENT) throw specRefused(error);
      throw error;
    }
  }
}

function keyword(value: string): temporal.api.common.v1.IPayload {
  const payload = toPayload(value);
  return { ...payload, metadata: { ...payload.metadata, type: Buffer.from("Keyword") } };
}
