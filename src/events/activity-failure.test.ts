import { failureOfActivity } from "./activity-failure";

test.each([
  ["HEARTBEAT", "WORKER_LOST"],
  ["START_TO_CLOSE", "TIMEOUT"],
  ["SCHEDULE_TO_CLOSE", "TIMEOUT"],
  ["SCHEDULE_TO_START", "TIMEOUT"],
] as const)("a timeout of the kind %s has the code %s", (timeout, code) => {
  expect(failureOfActivity({ kind: "timeout", timeout }).code).toBe(code);
});

test("an application failure keeps its code, message and details", () => {
  const cause = { kind: "application", type: "HTTP_STATUS", message: "got 500", details: { status: 500 } } as const;
  expect(failureOfActivity(cause)).toEqual({ code: "HTTP_STATUS", message: "got 500", details: { status: 500 } });
});

test.each(["TypeError", "", "Error", "not a code"])("the class name %p is no code but a defect", (type) => {
  expect(failureOfActivity({ kind: "application", type, message: "x" })).toEqual({ code: "INTERNAL", message: "x" });
});

test("a result that the SDK finds too large is OUTPUT_TOO_LARGE", () => {
  const cause = { kind: "application", type: "PayloadsTooLarge", message: "x" } as const;
  expect(failureOfActivity(cause).code).toBe("OUTPUT_TOO_LARGE");
});
