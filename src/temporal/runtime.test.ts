import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "../core/logger";
import { logEntry } from "./runtime";

const ERRORS = {
  "a task's failure": ApplicationFailure.create({ message: "exit code 3" }),
  "a defect": new TypeError("a defect"),
  "no error": undefined,
};

describe("what the SDK says", () => {
  it.each([
    ["WARN", "Activity failed", "a task's failure", "info"],
    ["WARN", "Workflow failed", "a task's failure", "info"],
    ["WARN", "Activity failed", "a defect", "warn"],
    ["WARN", "Failed to poll", "no error", "warn"],
    ["ERROR", "Worker failed", "no error", "error"],
    ["INFO", "Worker state changed", "no error", "debug"],
  ] as const)("%s '%s' with %s is logged as %s", (level, message, what, expected) => {
    const error = ERRORS[what];
    const heard: string[] = [];
    const hear = (name: string) => (_: object, text: string) => void heard.push(`${name}: ${text}`);
    const logger: Logger = { debug: hear("debug"), info: hear("info"), warn: hear("warn"), error: hear("error") };
    logEntry(logger, { level, message, meta: error === undefined ? {} : { error } });
    expect(heard).toEqual([`${expected}: ${message}`]);
  });
});
