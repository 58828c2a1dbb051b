import type { Client } from "@temporalio/client";
import { silentLogger } from "../core/logger";
import { TASK_TYPE_NAMES } from "../definition/task-types/registry";
import { RECORD_ENDED, RECORD_STARTED } from "../workflows/history-contract";
import { createActivities } from "./create-activities";

test("every task type has its runner, and nothing else is registered but the record keeping", () => {
  const unused = () => Promise.reject(new Error("not called"));
  const activities = createActivities({
    store: { putBlob: unused, recordStarted: unused, recordEnded: unused },
    client: {} as Client,
    dataDir: "/nowhere",
    logger: silentLogger,
    environment: {},
  });
  expect(Object.keys(activities).sort()).toEqual([...TASK_TYPE_NAMES, RECORD_ENDED, RECORD_STARTED].sort());
});
