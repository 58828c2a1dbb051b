import { endOfRun } from "./run-closed";

describe("a cancelled run", () => {
  it.each([
    ["", "cancelled"],
    ["cancelled", "cancelled"],
    ["cancelled by a client", "cancelled by a client"],
    ["not needed", "cancelled: not needed"],
  ])("says why, and the word once: %j", (reason, message) => {
    expect(endOfRun({ type: "run_cancelled" }, reason)).toEqual({
      status: "CANCELLED",
      failure: { code: "CANCELLED", message },
    });
  });
});
