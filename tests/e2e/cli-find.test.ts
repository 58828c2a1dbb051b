import { aco, jsonLines, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const { env, on } = serverForTests();

interface Found {
  readonly executions: readonly { readonly id: string; readonly status: string; readonly display_name?: string }[];
  readonly total?: number;
  readonly next_page_token?: string;
}

async function createWorkflow(command: string): Promise<string> {
  const node = { id: "a", type: "task", config: { task_type: "shell", config: { command } } };
  const definition = { version: 1, labels: { team: "web" }, nodes: [node], edges: [] };
  const stdin = JSON.stringify(definition);
  return (await aco(["workflow", "create", "-", "--name", "w"], { env: env(), stdin })).stdout.trim();
}

async function find(...args: readonly string[]): Promise<Found> {
  const { code, stdout, stderr } = await on("execution", "list", "--format", "json", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [found] = jsonLines<Found>(stdout);
  if (found === undefined) throw new Error("nothing was printed");
  return found;
}

const idsOf = ({ executions }: Found) => executions.map(({ id }) => id);

test("names executions, finds them by what they are called, and pages", async () => {
  const [good, bad] = [await createWorkflow("true"), await createWorkflow("exit 7")];
  const names = ["--label", "ort=Köln, Rhein", "--label", "ticket=7", "--name", "Prüfung"];
  expect((await on("workflow", "execute", good, ...names)).code).toBe(0);
  expect((await on("workflow", "execute", bad, "--label", "team=ops")).code).toBe(1);
  const found = await find("--filter", "label.ort='Köln, Rhein' status=completed started>1h");
  expect(found).toMatchObject({ total: 1, executions: [{ display_name: "Prüfung", labels: { team: "web" } }] });
  expect((await find("--error", "EXIT code 7", "--label", "team=ops", "--no-total")).executions).toHaveLength(1);
  const all = idsOf(await find("--all", "--order", "oldest"));
  const first = await find("--limit", "1", "--order", "oldest");
  const rest = await find("--order", "oldest", "--page-token", first.next_page_token ?? "");
  expect([...idsOf(first), ...idsOf(rest)]).toEqual(all);
  const plain = await on("execution", "list", "--label", "ticket=7");
  expect(plain.stdout.trimEnd().split("\t").slice(-2)).toEqual(["Prüfung", "ort=Köln, Rhein,team=web,ticket=7"]);
  const table = await on("execution", "get", all[0] ?? "", "--format", "table");
  expect(table.stdout).toMatch(/^name +Prüfung$/m);
  expect(table.stdout).toMatch(/^labels +ort=Köln, Rhein\n +team=web\n/m);
});

test("refuses what it cannot read before anything is made, and says what there is", async () => {
  const before = (await on("workflow", "list")).stdout;
  const refused = await on("run", "examples/build-and-test.yaml", "--label", "nonsense");
  expect([refused.code, refused.stderr]).toEqual([2, 'aco: --label must be KEY=VALUE; got "nonsense"\n']);
  const invalid = await on("run", "examples/build-and-test.yaml", "--label", "a b=1");
  expect([invalid.code, invalid.stderr]).toEqual([1, expect.stringContaining("aco-label: must have a key")]);
  expect((await on("workflow", "list")).stdout).toBe(before);
  expect((await on("execution", "list", "--filter", "colour=red")).stderr).toContain("label.KEY=");
  expect((await on("execution", "list", "--all", "--limit", "3")).code).toBe(2);
  expect((await on("execution", "cancel")).code).toBe(2);
  expect((await on("execution", "prune")).code).toBe(2);
});

test("cancels all that a filter finds, after saying how many, and prunes what has ended", async () => {
  const id = await createWorkflow("sleep 100");
  for (let n = 0; n < 3; n += 1) await on("workflow", "execute", id, "--detach", "--label", "batch=b");
  const filter = ["execution", "cancel", "--filter", "label.batch=b"];
  expect(await on(...filter, "--dry-run")).toMatchObject({ code: 0, stdout: "3\n" });
  const unasked = await on(...filter);
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("Give --yes.")]);
  const cancelled = await on(...filter, "--yes", "--format", "json");
  expect(cancelled.code).toBe(0);
  const [tally] = jsonLines<{ matched: number; cancelled: number; failed: number }>(cancelled.stdout);
  expect(tally).toMatchObject({ matched: 3, cancelled: 3, failed: 0 });
  for (let running = 3; running > 0; ) running = (await find("--filter", "label.batch=b status=running")).total ?? 0;
  const prune = ["execution", "prune", "--older-than", "1ms", "--status", "cancelled"];
  expect((await on(...prune, "--dry-run", "--format", "table")).stdout).toBe("3 records would be deleted\n");
  const unpruned = { code: 2, stdout: "", stderr: expect.stringContaining("Delete 3 records? Nobody is there to ask") };
  expect(await on(...prune)).toMatchObject(unpruned);
  expect((await on(...prune, "--yes", "--format", "json")).stdout).toBe('{"count":3,"dry_run":false}\n');
  expect((await find("--label", "batch=b")).total).toBe(0);
});
