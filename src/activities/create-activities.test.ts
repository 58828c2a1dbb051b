import type { Client } from "@temporalio/client";
import { silentLogger } from "../core/logger";
import { TASK_TYPE_NAMES } from "../definition/task-types/registry";
import { PERFORM_REACTION } from "../workflows/history-contract";
import { createConcurrencyActivities } from "./concurrency-slots";
import { createActivities } from "./create-activities";
import { createScheduleActivities } from "./scheduled-runs";
import { createStatePartActivities } from "./state-parts";

test("every task type has its runner, workflows have what they ask of Temporal and of the store, and nothing else is registered", () => {
  const unused = () => Promise.reject(new Error("not called"));
  const store = {
    claimStart: unused,
    getDelivery: unused,
    getExecution: unused,
    getReaction: unused,
    recordAttempt: unused,
    recordStarted: unused,
    removeDelivery: unused,
    getTask: unused,
    getTasks: unused,
    getWorkflow: unused,
    getWorkflows: unused,
    putBlob: unused,
    getBlob: unused,
    deleteBlobs: unused,
    getCachedResult: unused,
    putCachedResult: unused,
  };
  const activities = createActivities({
    store,
    client: {} as Client,
    dataDir: "/nowhere",
    logger: silentLogger,
    environment: {},
  });
  const ofWorkflows = [
    createConcurrencyActivities({} as Client),
    createScheduleActivities(store),
    { [PERFORM_REACTION]: unused },
    createStatePartActivities(store),
  ].flatMap(Object.keys);
  expect(Object.keys(activities).sort()).toEqual([...TASK_TYPE_NAMES, ...ofWorkflows].sort());
});
