import { aco, serverForTests, shell } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();

const PTY = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
const COLUMNS = 60;

/** Runs `aco` in a terminal of 60 columns and 20 rows, and returns all that was written to it. */
async function inTerminal(args: string, env: Readonly<Record<string, string>> = {}) {
  const command = `stty cols ${COLUMNS} rows 20; exec "${process.execPath}" bin/aco.js ${args}`;
  const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
  const settings = { ACO_SERVER: server.url, TERM: "xterm", ...env };
  const { code, stdout } = await shell(`python3 -c '${PTY}' sh -c ${quoted} < /dev/null`, settings);
  return { code, text: stdout.replaceAll("\r\n", "\n") };
}

/** What each redraw left on the screen: the text between two erasures. */
function frames(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what separates frames.
  return text.split(/\u001b\[\d+F\u001b\[J/);
}

async function createWorkflow(command: string): Promise<string> {
  const node = (id: string, text: string) => ({
    id,
    type: "task",
    config: { task_type: "shell", config: { command: text } },
  });
  const nodes = [node("first", command), node("second", "sleep 1; echo done")];
  const created = await aco(["workflow", "create", "-", "--name", "live", "--server", server.url], {
    stdin: JSON.stringify({ nodes }),
  });
  return created.stdout.trim();
}

test("a terminal shows one line a node, redrawn in place, and then the output", async () => {
  const id = await createWorkflow("sleep 1; echo 'a line that is much longer than the terminal is wide, to be cut'");
  const { code, text } = await inTerminal(`workflow execute ${id}`);
  expect(code).toBe(0);
  const drawn = frames(text);
  expect(drawn.length).toBeGreaterThan(5);
  expect(drawn.some((frame) => /first +running/.test(frame) && /second +running/.test(frame))).toBe(true);
  expect(drawn.at(-1)).toMatch(
    /✓.* first +completed +\d\.\ds +a line that is .*…\n.*✓.* second +completed +\d\.\ds +done\n/,
  );
  expect(drawn.at(-1)).toMatch(/\ncompleted in \d\.\ds\n\{\n/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no columns.
  const widths = drawn.slice(1, -1).flatMap((frame) => frame.replace(/\u001b\[\d+m/g, "").split("\n"));
  for (const line of widths) expect([...line].length).toBeLessThan(COLUMNS);
  expect(text).toContain("\u001b[32m✓");
});

test("NO_COLOR is respected", async () => {
  const { text } = await inTerminal(`workflow execute ${await createWorkflow("true")}`, { NO_COLOR: "1" });
  expect(text).toMatch(/✓ first/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for.
  expect(text).not.toMatch(/\u001b\[\d+m/);
});

test("what a task prints cannot move the cursor or set the title", async () => {
  const id = await createWorkflow("printf '\\033[2J\\033]0;owned\\007text\\n'");
  const { code, text } = await inTerminal(`workflow execute ${id}`);
  expect(code).toBe(0);
  expect(text).toMatch(/first +completed +\S+ +text\n/);
  expect(text).not.toContain("owned\u0007");
  expect(text).not.toContain("\u001b[2J");
});

test("a failure says where, after how long and why", async () => {
  const { code, text } = await inTerminal(`workflow execute ${await createWorkflow("exit 9")}`);
  expect(code).toBe(1);
  expect(text).toMatch(/✗.* first +failed/);
  expect(text).toMatch(/\nfailed at first after \S+: .*9.* \(SHELL_EXIT_CODE\)\n/);
});

test("records are tables that fit, and JSON is indented", async () => {
  await createWorkflow("true");
  const { text } = await inTerminal("workflow list --limit 1");
  // The name is readable rather than the time shown, for which 80 columns leave no room.
  expect(text).toMatch(/^ID +STATUS +NAME\n/);
  const json = await inTerminal("workflow list --limit 1 --format json");
  expect(json.text).toMatch(/^\{\n {2}"workflows": \[\n/);
});
