import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type SimulationOptions, simulate } from "../src/simulation/simulate";

/** Unit tests of a workflow: the real engine, mocked results, and three weeks in no time. */
const definition = parse(fs.readFileSync(path.join(__dirname, "refund.yaml"), "utf8"));
const happy = { answer: { output: { stdout: "fine" } } };
const refund = (amount: number, mocks: SimulationOptions["mocks"] = {}) =>
  simulate(definition, { input: { order: "A-17", amount }, mocks: { ...happy, ...mocks } });
const ranIn = ({ path: steps }: ReturnType<typeof refund>) =>
  steps.filter((s) => s.status !== "skipped").map((s) => s.id);

test("a small refund needs nobody", () =>
  expect(ranIn(refund(20))).toEqual(["route", "pay", "cooling_off", "ask", "answer"]));

test("a large one is paid when somebody has approved it", () =>
  expect(ranIn(refund(900, { review: { approved: true, by: "ada", after: "2d" } }))).toContain("pay"));

test("and not when it was refused", () =>
  expect(refund(900, { review: { approved: false, by: "grace" } }).output).toEqual({ refunded: false, by: "grace" }));

test("nor when nobody has looked at it for three days", () =>
  expect(refund(900)).toMatchObject({ output: { refunded: false, by: null }, durationMs: 3 * 86_400_000 }));

test("only those who may can approve it", () =>
  expect(refund(900, { review: { approved: true, by: "mallory" } }).refused).toMatchObject([{ to: "review" }]));

test("a payment is tried three times", () =>
  expect(refund(20, { pay: { error: { code: "SHELL_EXIT_CODE" } } })).toMatchObject({
    outcome: { status: "failed", nodeId: "pay" },
    cost: { attempts: 3 },
  }));

test("a customer who never answers is asked three times, and the money is taken back", () =>
  expect(
    ranIn(refund(20, { answer: { output: { stdout: "" } }, "pay/compensate": { output: { exit_code: 0 } } })),
  ).toEqual(["route", "pay", "cooling_off", "ask", "answer", "answer#2", "answer#3", "pay/compensate"]));
