import { setTimeout as sleep } from "node:timers/promises";
import { startTestStack, type TestStack } from "../api-stack";
import { States } from "./states";
import { outcomeOf, type Shown, VERBS, type VerbName } from "./verbs";

let test: TestStack;
let states: States;
beforeAll(async () => {
  test = await startTestStack();
  states = new States(test);
}, 120_000);
afterAll(() => test.close(), 60_000);

/** Why something is refused, by the words that stand for it in `EXPECTED`. */
const REFUSALS = {
  ended: /^FAILED_PRECONDITION: execution \S+ is (COMPLETED|FAILED|CANCELLED) and (takes no|can no longer be)/,
  queued: /^FAILED_PRECONDITION: .*it has not begun: it waits for its turn: execution \S+ runs.*it can be cancelled/,
  task: /^FAILED_PRECONDITION: execution \S+ is of a task, which .*; only executions of workflows/,
  paused: /^FAILED_PRECONDITION: .*the run is paused already/,
  running: /^FAILED_PRECONDITION: .*the run is not paused/,
  nobody: /^INVALID_ARGUMENT: no node takes messages named "nothing"/,
  no_gate: /^FAILED_PRECONDITION: .*no approval 'work' waits for an answer; these wait: gate/,
  over: /^FAILED_PRECONDITION: .*'first' has ended: it is completed/,
  unknown: /^INVALID_ARGUMENT: there is no node 'latr'; did you mean 'later'\?/,
  pending: /^FAILED_PRECONDITION: .*'later' has not been entered; it can be skipped/,
  attempt:
    /^FAILED_PRECONDITION: .*attempt 1 of 'work' is under way; only one that waits for its backoff can be made now/,
  no_task: /^FAILED_PRECONDITION: .*'(gate|work)' is no task, and has no attempts/,
  no_map: /^FAILED_PRECONDITION: .*'work' is of type \w+; only a map has a concurrency/,
} as const;

/** Every verb on an execution in every state. */
const EXPECTED = `
                   running  paused   waiting  retrying reset    queued   failed   finished cancelled terminated task
get                ok       ok       ok       ok       ok       ok       ok       ok       ok        ok         ok
show               ok       ok       ok       ok       ok       ok       ok       ok       ok        ok         ok
watch              ok       ok       ok       ok       ok       ok       ok       ok       ok        ok         ok
export             ok       ok       ok       ok       ok       ok       ok       ok       ok        ok         ok
pause              ok       paused   ok       ok       ok       queued   ended    ended    ended     ended      task
resume             running  ok       running  running  running  queued   ended    ended    ended     ended      task
resume_--step      running  ok       running  running  running  queued   ended    ended    ended     ended      task
signal_go          ok       ok       ok       ok       ok       ok       ended    ended    ended     ended      task
signal_nothing     nobody   nobody   nobody   nobody   nobody   nobody   ended    ended    ended     ended      task
answer_gate        ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
answer_work        no_gate  no_gate  no_gate  no_gate  no_gate  queued   ended    ended    ended     ended      task
skip_first         over     over     over     over     over     queued   ended    ended    ended     ended      task
skip_work          ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
skip_later         ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
skip_latr          unknown  unknown  unknown  unknown  unknown  queued   ended    ended    ended     ended      task
set-output_work    ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
set-output_later   ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
cancel-node_work   ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
cancel-node_later  pending  pending  pending  pending  pending  queued   ended    ended    ended     ended      task
retry_work         attempt  attempt  no_task  ok       attempt  queued   ended    ended    ended     ended      task
retry_gate         no_task  no_task  no_task  no_task  no_task  queued   ended    ended    ended     ended      task
update_--timeout   ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
update_items=2     ok       ok       ok       ok       ok       queued   ended    ended    ended     ended      task
update_work=2      no_map   no_map   no_map   no_map   no_map   queued   ended    ended    ended     ended      task
cancel             ok       ok       ok       ok       ok       ok       ended    ended    ended     ended      ok
`;

type StateName = Exclude<keyof States, "aheadOf">;

/** What is expected of each verb, by state. */
function expectedOf(): ReadonlyMap<StateName, readonly (readonly [VerbName, string])[]> {
  const [head = [], ...rows] = EXPECTED.trim()
    .split("\n")
    .map((line) => line.trim().split(/ +/));
  return new Map(
    head.map((state, column) => [
      state as StateName,
      rows.map(([verb = "", ...cells]) => [verb.replace("_", " ") as VerbName, cells[column] ?? ""] as const),
    ]),
  );
}

async function shown(id: string): Promise<Shown> {
  const [execution, state] = await Promise.all([
    test.client.getExecution(id),
    test.client.getExecutionState({ executionId: id }),
  ]);
  return { execution, state };
}

/** What it asked for happens; a run that waits for its turn does it later. */
async function becomesVisible(id: string, verb: VerbName, state: StateName): Promise<void> {
  const { shows } = VERBS[verb] as { shows?: (seen: Shown) => boolean };
  if (shows === undefined || (state === "queued" && verb !== "cancel")) return;
  for (const deadline = Date.now() + 20_000; !shows(await shown(id)); await sleep(50))
    if (Date.now() > deadline) throw new Error(`'${verb}' was taken, and nothing came of it`);
}

it("has every verb in the table", () => {
  const [[, rows] = ["", []]] = expectedOf();
  expect(rows.map(([verb]) => verb)).toEqual(Object.keys(VERBS));
});

describe.each([...expectedOf()])("an execution that is %s", (state, rows) => {
  // What is refused changes nothing, so the next verb may have the same execution.
  let id: string | undefined;

  it.each(rows)("answers %s with %s", async (verb, expected) => {
    id ??= await states[state]();
    const outcome = await outcomeOf(VERBS[verb].ask(test.client, id));
    if (expected === "ok") {
      expect(outcome).toBe("ok");
      await becomesVisible(id, verb, state);
      if (!READING.has(verb)) id = undefined;
    } else expect(outcome).toMatch(REFUSALS[expected as keyof typeof REFUSALS]);
  });
});

const READING: ReadonlySet<VerbName> = new Set(["get", "show", "watch", "export"]);

describe("a message to an execution that waits for its turn", () => {
  it("is kept until then, and once where it is sent twice", async () => {
    const id = await states.queued();
    const message = { executionId: id, name: "go", requestId: "one" };
    await test.client.signalExecution(message);
    await test.client.signalExecution(message);
    const { queuedBehind } = await test.client.getExecutionState({ executionId: id });
    for (const other of await states.aheadOf(id)) await test.client.cancelExecution({ id: other });
    expect(queuedBehind).toBeDefined();
    await becomesVisible(id, "signal go", "running");
    expect(await outcomeOf(test.client.skipNode({ executionId: id, nodeId: "work" }))).toBe("ok");
  });
});

describe("what makes no sense", () => {
  it("takes one of a thousand pauses at once, tells the others why not, and the run goes on", async () => {
    const id = await states.waiting();
    const executionId = id;
    const pause = async (n: number): Promise<string> => {
      const outcome = await outcomeOf(test.client.pauseExecution({ executionId, requestId: `pause-${n}` }));
      // It may have been taken, on a machine that is too busy to say so in time.
      return /^UNAVAILABLE: no worker answered/.test(outcome) ? await pause(n) : outcome;
    };
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, n) => pause(n)));
    const others = outcomes.filter((outcome) => outcome !== "ok");
    expect(others).toHaveLength(999);
    // The latter within ten seconds, where the machine has not come to them.
    const told = /the run is paused already|has too many requests in flight; send it again, with the same request_id/;
    expect(others.filter((outcome) => !told.test(outcome))).toEqual([]);
    expect(others.filter((outcome) => REFUSALS.paused.test(outcome)).length).toBeGreaterThan(0);
    expect(await outcomeOf(test.client.resumeExecution({ executionId }))).toBe("ok");
    expect(await outcomeOf(test.client.answerApproval({ executionId, nodeId: "gate", approved: true }))).toBe("ok");
  }, 180_000);

  it("takes a request once for its id, and refuses the id with another request", async () => {
    const executionId = await states.waiting();
    const same = { executionId, requestId: "same" };
    for (let tries = 0; tries < 2; tries += 1) expect(await outcomeOf(test.client.pauseExecution(same))).toBe("ok");
    const reused = /^ALREADY_EXISTS: the request_id was given to another request/;
    expect(await outcomeOf(test.client.resumeExecution(same))).toMatch(reused);
    expect(await outcomeOf(test.client.skipNode({ ...same, nodeId: "work" }))).toMatch(reused);
    expect(await outcomeOf(test.client.signalExecution({ ...same, name: "go" }))).toMatch(reused);
    // The deadline that an hour from now makes is another each time.
    const hour = { executionId, timeout: "1h", requestId: "hour" };
    for (let tries = 0; tries < 2; tries += 1) expect(await outcomeOf(test.client.updateExecution(hour))).toBe("ok");
    expect((await test.client.getExecution(executionId)).paused).toBe(true);
  });

  it("names what is wrong with ids, names and what is too large", async () => {
    const executionId = await states.waiting();
    const unknown = "0190a000-0000-7000-8000-000000000000";
    const large = JSON.stringify("x".repeat(70_000));
    const asked = [
      test.client.pauseExecution({ executionId: "x" }),
      test.client.pauseExecution({ executionId: unknown }),
      test.client.skipNode({ executionId, nodeId: "items[9]" }),
      test.client.skipNode({ executionId, nodeId: "gat" }),
      test.client.skipNode({ executionId, nodeId: "a b" }),
      test.client.skipNode({ executionId, nodeId: "x".repeat(10_000) }),
      test.client.setNodeOutput({ executionId, nodeId: "work", output: large }),
      test.client.signalExecution({ executionId, name: "go", payload: large }),
      test.client.signalExecution({ executionId, name: "go", payload: "{" }),
      test.client.updateExecution({ executionId, concurrency: { item: 2 } }),
    ];
    const outcomes = (await Promise.all(asked.map(outcomeOf))).map((outcome) => outcome.slice(0, 120));
    expect(outcomes).toEqual([
      expect.stringMatching(/^INVALID_ARGUMENT: must be/),
      expect.stringMatching(/^NOT_FOUND: /),
      expect.stringMatching(/^INVALID_ARGUMENT: /),
      expect.stringMatching(/^INVALID_ARGUMENT: there is no node 'gat'; did you mean 'gate'\?/),
      expect.stringMatching(/^INVALID_ARGUMENT: /),
      expect.stringMatching(/^INVALID_ARGUMENT: must have at most/),
      expect.stringMatching(/^RESOURCE_EXHAUSTED: /),
      expect.stringMatching(/^RESOURCE_EXHAUSTED: /),
      expect.stringMatching(/^INVALID_ARGUMENT: /),
      expect.stringMatching(/^INVALID_ARGUMENT: there is no node 'item'; did you mean 'items'\?/),
    ]);
    expect(await outcomeOf(test.client.pauseExecution({ executionId }))).toBe("ok");
  });
});
