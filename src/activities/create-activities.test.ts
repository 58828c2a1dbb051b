import type { Client } from "@temporalio/client";
import { silentLogger } from "../core/logger";
import { TASK_TYPE_NAMES } from "../definition/task-types/registry";
import { createActivities } from "./create-activities";

test("every task type has its runner, and nothing else is registered", () => {
  const unused = () => Promise.reject(new Error("not called"));
  const activities = createActivities({
    store: { putBlob: unused },
    client: {} as Client,
    dataDir: "/nowhere",
    logger: silentLogger,
    environment: {},
  });
  expect(Object.keys(activities).sort()).toEqual([...TASK_TYPE_NAMES].sort());
});
