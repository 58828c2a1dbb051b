import { credentials, type ServiceError } from "@grpc/grpc-js";
import {
  BackfillScheduleRequest,
  type BackfillScheduleResponse,
  CreateScheduleRequest,
  type DeleteScheduleResponse,
  ListSchedulesRequest,
  type ListSchedulesResponse,
  PreviewScheduleRequest,
  type PreviewScheduleResponse,
  type Schedule,
  ScheduleCalendar,
  ScheduleInterval,
  ScheduleServiceClient,
  ScheduleSpec,
  TriggerScheduleRequest,
  UpdateScheduleRequest,
} from "../../src/gen/proto/schedules";

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function reply<Response>(call: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

interface LooseSpec extends Partial<Omit<ScheduleSpec, "intervals" | "calendars" | "skip">> {
  readonly intervals?: readonly Partial<ScheduleInterval>[];
  readonly calendars?: readonly Partial<ScheduleCalendar>[];
  readonly skip?: readonly Partial<ScheduleCalendar>[];
}

type Loose<Request> = Partial<Omit<Request, "spec">> & { readonly spec?: LooseSpec };

function withSpec<Request extends { readonly spec?: LooseSpec }>({ spec, ...request }: Request) {
  if (spec === undefined) return request;
  const { intervals = [], calendars = [], skip = [], ...rest } = spec;
  const whole: ScheduleSpec = {
    ...ScheduleSpec.fromPartial({}),
    ...rest,
    intervals: intervals.map((interval) => ScheduleInterval.fromPartial(interval)),
    calendars: calendars.map((calendar) => ScheduleCalendar.fromPartial(calendar)),
    skip: skip.map((calendar) => ScheduleCalendar.fromPartial(calendar)),
  };
  return { ...request, spec: whole };
}

export type ScheduleClient = ReturnType<typeof connectSchedules>;

/** The generated client with promises; fields that a test does not care for may be left out. */
export function connectSchedules(address: string) {
  const stub = new ScheduleServiceClient(address, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  return {
    create: (request: Loose<CreateScheduleRequest>) =>
      reply<Schedule>((done) =>
        stub.createSchedule({ ...CreateScheduleRequest.fromPartial({}), ...withSpec(request) }, done),
      ),
    get: (id: string, next?: number) => reply<Schedule>((done) => stub.getSchedule({ id, next }, done)),
    list: (request: Partial<ListSchedulesRequest> = {}) =>
      reply<ListSchedulesResponse>((done) => stub.listSchedules(ListSchedulesRequest.fromPartial(request), done)),
    update: (request: Loose<UpdateScheduleRequest>) =>
      reply<Schedule>((done) =>
        stub.updateSchedule({ ...UpdateScheduleRequest.fromPartial({}), ...withSpec(request) }, done),
      ),
    delete: (id: string) => reply<DeleteScheduleResponse>((done) => stub.deleteSchedule({ id }, done)),
    pause: (id: string, note?: string) => reply<Schedule>((done) => stub.pauseSchedule({ id, note }, done)),
    unpause: (id: string, note?: string) => reply<Schedule>((done) => stub.unpauseSchedule({ id, note }, done)),
    trigger: (request: Partial<TriggerScheduleRequest>) =>
      reply<Schedule>((done) => stub.triggerSchedule(TriggerScheduleRequest.fromPartial(request), done)),
    backfill: (request: Partial<BackfillScheduleRequest>) =>
      reply<BackfillScheduleResponse>((done) =>
        stub.backfillSchedule(BackfillScheduleRequest.fromPartial(request), done),
      ),
    preview: (request: Loose<PreviewScheduleRequest>) =>
      reply<PreviewScheduleResponse>((done) =>
        stub.previewSchedule({ ...PreviewScheduleRequest.fromPartial({}), ...withSpec(request) }, done),
      ),
    close: () => stub.close(),
  };
}
