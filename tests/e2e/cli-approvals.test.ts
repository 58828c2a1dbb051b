/** The inbox from the command line: what waits for a person, and how a person answers in a terminal and in scripts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { aco, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();
const { on } = server;

const ENTER = "\r";
const DOWN = "\u001b[B";
const ESCAPE = "\u001b";

const SCHEMA = {
  type: "object",
  required: ["window", "size"],
  properties: {
    window: { enum: ["day", "night"], title: "When" },
    size: { type: "integer", minimum: 1, description: "How many", default: 3 },
    notify: { type: "boolean" },
    limits: { type: "object", properties: { cpu: { type: "number" } } },
  },
};
const APPROVAL = {
  nodes: [
    {
      id: "release",
      type: "approval",
      config: { message: "Release ${{ input.tag }}?", schema: SCHEMA, on_reject: "continue", timeout: "1h" },
    },
  ],
};
const SEVERAL = {
  nodes: ["first", "second"].map((id) => ({
    id,
    type: "approval",
    config: { message: `${id}?`, approvers: ["ann"], on_reject: "continue" },
  })),
};

async function start(definition: object): Promise<{ readonly id: string; readonly workflowId: string }> {
  const env = server.env();
  const created = await aco(["workflow", "create", "-", "--name", "Ship it"], {
    env,
    stdin: JSON.stringify(definition),
  });
  const workflowId = created.stdout.trim();
  const started = await on("workflow", "execute", workflowId, "--detach", "--input", '{"tag": "v2"}');
  const id = started.stdout.trim();
  for (let tries = 0; tries < 100; tries++) {
    if ((await on("approvals", "--execution", id)).stdout !== "") return { id, workflowId };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing of ${id} waits: ${created.stderr}${started.stderr}`);
}

async function outputOf(executionId: string): Promise<unknown> {
  const { stdout } = await on("execution", "watch", executionId);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** Runs `aco` in a terminal and types each keys when its pattern has come. */
async function typing(args: readonly string[], steps: readonly (readonly [pattern: string, keys: string])[]) {
  const script = path.join(__dirname, "type-in-terminal.py");
  const command = [process.execPath, path.join(REPOSITORY, "bin", "aco.js"), ...args];
  const env = { ...process.env, ...server.env(), TERM: "xterm", CI: "" };
  const child = spawn("python3", [script, JSON.stringify(steps), ...command], { env, cwd: REPOSITORY });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  const [code] = await once(child, "close");
  return { code: code as number, text };
}

test("lists what waits, in each format, until it is answered", async () => {
  const { id, workflowId } = await start(APPROVAL);
  const json = JSON.parse((await on("approvals", "list", "--of", workflowId, "--format", "json")).stdout);
  expect(json).toMatchObject({
    total: 1,
    approvals: [
      {
        execution_id: id,
        node_id: "release",
        workflow_name: "Ship it",
        message: "Release v2?",
        form_schema: SCHEMA,
        on_timeout: "fail",
      },
    ],
  });
  const plain = await on("approvals", "--of", workflowId);
  expect(plain.stdout).toMatch(new RegExp(`^${id}\trelease\t.*\t\tShip it\tRelease v2\\?\n$`));
  const table = await on("approvals", "--of", workflowId, "--format", "table");
  expect(table.stdout).toMatch(/^EXECUTION +NODE +WAITS +UNTIL +WHO +WORKFLOW +MESSAGE\n/);

  const answered = await on("approvals", "answer", id, "--approve", "--field", "window=night", "--field", "size=4");
  expect(answered).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
  expect(await outputOf(id)).toMatchObject({ release: { approved: true, form: { window: "night", size: 4 } } });
  expect((await on("approvals", "--of", workflowId, "--format", "table")).stdout).toBe("nothing waits\n");
});

test("refuses in a script what does not fit, before anything is sent", async () => {
  const { id } = await start(APPROVAL);
  const answer = (...args: string[]) => on("approvals", "answer", id, "release", ...args);
  expect(await answer("--approve")).toMatchObject({ code: 2, stderr: expect.stringContaining("window") });
  expect(await answer("--approve", "--field", "window=noon", "--field", "size=1")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--field window: must be one of the choices"),
  });
  expect(await answer("--approve", "--field", "size")).toMatchObject({ code: 2 });
  expect(await answer("--approve", "--form", '{"window":"day","size":0}')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("form/size"),
  });
  expect(await answer()).toMatchObject({ code: 2, stderr: expect.stringContaining("--approve or --reject") });
  expect(await on("approvals", "answer", "--approve")).toMatchObject({ code: 2 });
  expect(await on("approvals", "answer", id, "other", "--approve")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("these wait: release"),
  });
  expect(await answer("--reject", "--comment", "no")).toMatchObject({ code: 0 });
  expect(await outputOf(id)).toMatchObject({ release: { approved: false, comment: "no", form: null } });
});

test("asks for the node where several wait, and says who may answer", async () => {
  const { id, workflowId } = await start(SEVERAL);
  const unclear = await on("approvals", "answer", id, "--approve");
  expect(unclear).toMatchObject({ code: 2, stderr: expect.stringContaining("first, second") });
  expect((await on("approvals", "--by", "eve", "--of", workflowId)).stdout).toBe("");
  expect(await on("approvals", "answer", id, "first", "--approve", "--by", "eve")).toMatchObject({ code: 1 });
  expect(await on("approvals", "answer", id, "first", "--approve", "--by", "ann")).toMatchObject({ code: 0 });
  const [page] = (await on("approvals", "--by", "ann", "--of", workflowId)).stdout.split("\t").slice(1);
  expect(page).toBe("second");
});

test("asks in a terminal for each field with what its schema says, and sends only what fits", async () => {
  const { id } = await start(APPROVAL);
  const { code, text } = await typing(
    ["approvals", "answer", id],
    [
      ["What do you say\\?", ENTER],
      ["window - When", DOWN + ENTER],
      ["size - How many \\(integer\\)", "\u007f0"],
      ["0", ENTER],
      ["must be >= 1", `\u007f12${ENTER}`],
      ["notify \\(optional\\)", ENTER],
      ["limits\\.cpu \\(number, optional\\)", `0.5${ENTER}`],
      ["Comment", `fine${ENTER}`],
    ],
  );
  expect(text).toContain("Release v2?");
  expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
  expect(await outputOf(id)).toMatchObject({
    release: { approved: true, comment: "fine", form: { window: "night", size: 12, limits: { cpu: 0.5 } } },
  });
});

test("sends nothing when the questions are broken off", async () => {
  const { id, workflowId } = await start(SEVERAL);
  const { code, text } = await typing(
    ["approvals", "answer", id],
    [
      ["Which one\\?", DOWN + ENTER],
      ["What do you say\\?", ESCAPE],
    ],
  );
  expect(text).toContain("second?");
  expect({ code, text }).toMatchObject({ code: 130, text: expect.stringContaining("nothing was sent") });
  expect(JSON.parse((await on("approvals", "--of", workflowId, "--format", "json")).stdout)).toMatchObject({
    total: 2,
  });
});
