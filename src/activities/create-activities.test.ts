import type { Client } from "@temporalio/client";
import { silentLogger } from "../core/logger";
import { TASK_TYPE_NAMES } from "../definition/task-types/registry";
import { createConcurrencyActivities } from "./concurrency-slots";
import { createActivities } from "./create-activities";

test("every task type has its runner, workflows have what they ask of Temporal, and nothing else is registered", () => {
  const unused = () => Promise.reject(new Error("not called"));
  const activities = createActivities({
    store: { putBlob: unused },
    client: {} as Client,
    dataDir: "/nowhere",
    logger: silentLogger,
    environment: {},
  });
  const ofWorkflows = Object.keys(createConcurrencyActivities({} as Client));
  expect(Object.keys(activities).sort()).toEqual([...TASK_TYPE_NAMES, ...ofWorkflows].sort());
});
