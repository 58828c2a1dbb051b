import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp } from "../e2e/aco-process";
import { findBrowser, openBrowser, type TestBrowser } from "./open-browser";
import { accessibilityProblems, execute, type PageServer, shell, startPageServer } from "./page-fixture";

jest.setTimeout(180_000);

const program = findBrowser();
let server: PageServer;
let browser: TestBrowser;
/** A run whose parts wait for files; nothing waits for a clock. */
let running: string;
const go = (name: string) => writeFileSync(join(server.folder, name), "");

const form = {
  type: "object",
  required: ["version"],
  properties: {
    version: { type: "string", pattern: "^v[0-9]+$", title: "Version to release" },
    shards: { type: "integer", minimum: 1 },
    notify: { type: "boolean", default: true },
  },
};

function release(folder: string) {
  const wait = (name: string) => `while [ ! -e ${join(folder, name)} ]; do sleep 0.05; done`;
  return {
    name: "release",
    nodes: [
      shell("build", `echo compiling; ${wait("build")}; echo 'built <b>all</b>'`),
      {
        id: "ship",
        type: "approval",
        name: "Ship it",
        config: { message: "Release to everybody?", approvers: ["ada"], schema: form },
      },
      shell("deploy", `echo deploying; ${wait("deploy")}; echo deployed`),
    ],
    edges: [
      { source: "build", target: "ship" },
      { source: "ship", target: "deploy" },
    ],
  };
}

/** Two thousand nodes in rows of forty, of which none runs. */
function large() {
  const id = (index: number) => `step_${index}`;
  const gate = { id: "gate", type: "signal", config: { name: "go" } };
  const steps = Array.from({ length: 1_999 }, (_, index) => ({
    id: id(index),
    type: "task",
    config: { task_type: "noop", config: {} },
  }));
  const edges = steps.map((step, index) => ({ source: index < 40 ? "gate" : id(index - 40), target: step.id }));
  return { name: "two thousand", nodes: [gate, ...steps], edges };
}

const failing = {
  name: "nightly import",
  nodes: [shell("fetch", "echo 12 rows"), shell("load", "echo no such table >&2; exit 3"), shell("report", "true")],
  edges: [
    { source: "fetch", target: "load" },
    { source: "load", target: "report" },
  ],
};

if (program === null) {
  test("the page in a browser is not tested here: no Chromium is installed", () => {
    console.warn("no Chromium on PATH: the tests of the web page in a browser were left out");
    expect(program).toBeNull();
  });
} else {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startPageServer(), openBrowser(program)]);
    running = await execute(server.client(), release(server.folder));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await cleanUp();
  }, 60_000);

  describe("the page", () => {
    it("finds an execution in the list, and shows its graph, its node's output and its end as they happen", async () => {
      const { page, complaints, origins } = await browser.open(server.web);
      await page.getByRole("link", { name: "release" }).click();
      await page.waitForURL(`**/executions/${running}`);
      const build = page.getByRole("button", { name: /^build, shell: running/ });
      await build.click();
      const log = page.getByRole("log");
      await log.getByText("compiling").waitFor();
      go("build");
      // The text of a run stays text.
      await log.getByText("built <b>all</b>").waitFor();
      await page.getByRole("button", { name: /^build, shell: completed/ }).waitFor();
      await page.getByRole("button", { name: /^Ship it, approval.*: running/ }).waitFor();
      expect(page.url()).toContain("node=build");
      expect([...origins]).toEqual([server.web]);
      expect(complaints).toEqual([]);
    });

    it("asks for an approval's form, says what is wrong with it, and passes the answer on", async () => {
      const { page } = await browser.open(`${server.web}/approvals`);
      const card = page.getByRole("article", { name: "Approval Ship it" });
      await card.getByText("Release to everybody?").waitFor();
      await card.getByRole("button", { name: "Approve" }).click();
      // The browser's own word: a name is needed.
      expect(await card.getByLabel("Your name").evaluate((field: HTMLSelectElement) => field.validity.valid)).toBe(
        false,
      );
      await card.getByLabel("Your name").selectOption("ada");
      await card.getByLabel("version").fill("seven");
      await card.getByLabel("shards").fill("many");
      await card.getByRole("button", { name: "Approve" }).click();
      await card.getByText("must be a whole number").waitFor();
      await card.getByLabel("shards").fill("3");
      await card.getByRole("button", { name: "Approve" }).click();
      // What only the schema knows, the server says.
      await card
        .getByRole("alert")
        .getByText(/version.*pattern/)
        .waitFor();
      await card.getByLabel("version").fill("v7");
      await card.getByRole("button", { name: "Approve" }).click();
      await page.getByText("Nothing waits for anybody.").waitFor();
      await page.goto(`${server.web}/executions/${running}?node=ship`);
      const panel = page.getByRole("complementary", { name: "Node ship" });
      await panel.getByLabel("Output of ship", { exact: true }).getByText('"version": "v7"').waitFor();
      expect(await panel.getByLabel("Output of ship", { exact: true }).textContent()).toMatch(
        /"by": "ada"[\s\S]*"shards": 3/,
      );
    });

    it("keeps what was typed, and gives an answer once, where the connection fails in between", async () => {
      const gate = {
        id: "gate",
        type: "approval",
        config: {
          message: "Whole?",
          schema: { properties: { note: { type: "string", description: "x".repeat(9_000) } } },
        },
      };
      await execute(server.client(), { name: "large form", nodes: [gate], edges: [] });
      const { page } = await browser.open(`${server.web}/approvals`);
      const card = page.getByRole("article", { name: "Approval gate" });
      await card.getByLabel("note").fill("typed");
      await page.route(/GetExecutionState|ListApprovals/, (route) => route.abort());
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await page.getByText("The server cannot be reached.").first().waitFor();
      expect(await card.getByLabel("note").inputValue()).toBe("typed");
      // The answer arrives, and what the server says to it does not.
      await page.route(
        /AnswerApproval/,
        async (route) => {
          await route.fetch();
          await route.abort();
        },
        { times: 1 },
      );
      await card.getByRole("button", { name: "Approve" }).click();
      await card.getByRole("alert").getByText("The server cannot be reached.").waitFor();
      const answered = page.waitForResponse(/AnswerApproval/);
      await card.getByRole("button", { name: "Approve" }).click();
      expect((await (await answered).body()).toString()).toContain("grpc-status: 0");
    });

    it("goes on after the server was killed, without being loaded anew and without a gap", async () => {
      const { page } = await browser.open(`${server.web}/executions/${running}?node=deploy`);
      await page.getByRole("log").getByText("deploying").waitFor();
      await page.evaluate(() => {
        (globalThis as { mark?: string }).mark = "the same document";
      });
      await server.kill();
      await page.getByText("connection lost").waitFor();
      go("deploy");
      await server.restart();
      await page.getByText("completed", { exact: false }).first().waitFor({ timeout: 90_000 });
      await page.getByRole("button", { name: /^deploy, shell: completed/ }).waitFor({ timeout: 90_000 });
      expect(await page.getByRole("log").textContent()).toMatch(/deploying[\s\S]*deployed/);
      expect(await page.evaluate(() => (globalThis as { mark?: string }).mark)).toBe("the same document");
    });

    it("pauses, resumes and cancels", async () => {
      const id = await execute(server.client(), {
        name: "to be cancelled",
        nodes: [shell("sleep", "sleep 600")],
        edges: [],
      });
      const { page } = await browser.open(`${server.web}/executions/${id}`);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("running, paused").waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByLabel("Reason (optional)").fill("not needed");
      await page.getByRole("button", { name: "Cancel the execution" }).click();
      await page.getByText("⊘ cancelled").waitFor();
      await page.getByRole("button", { name: /^sleep, shell: cancelled/ }).waitFor();
    });

    it("shows what failed, and leads to it", async () => {
      const id = await execute(server.client(), failing);
      const { page } = await browser.open(`${server.web}/executions?error=no+such+table`);
      await page.getByRole("link", { name: "nightly import" }).click();
      await page.waitForURL(`**/executions/${id}`);
      await page.getByRole("button", { name: "load", exact: true }).click();
      const panel = page.getByRole("complementary", { name: "Node load" });
      await panel.getByRole("log").getByText("no such table").waitFor();
      await panel.getByText("SHELL_EXIT_CODE").waitFor();
      await page.getByRole("tab", { name: "Timeline" }).click();
      await page.getByRole("button", { name: /^load failed/ }).waitFor();
    });

    it("says what is to happen when an execution ends, and what came of it", async () => {
      const post = async (method: string, body: object) => {
        const headers = { "content-type": "application/json" };
        const url = `${server.web}/orchestrator.${method}`;
        const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
        expect([method, answer.status]).toEqual([method, 200]);
        return (await answer.json()) as { readonly subjectId: string };
      };
      const wait = `while [ ! -e ${join(server.folder, "end")} ]; do sleep 0.05; done`;
      const report = await execute(server.client(), { name: "report", nodes: [shell("say", "echo hi")], edges: [] });
      const id = await execute(server.client(), { name: "ends", nodes: [shell("work", wait)], edges: [] });
      const { subjectId: workflowId } = await post("executions.ExecutionService/GetExecution", { id });
      const { subjectId: startWorkflowId } = await post("executions.ExecutionService/GetExecution", {
        id: report,
      });
      const callbackUrl = "https://nowhere.invalid/hook?token=hidden";
      await post("reactions.ReactionService/CreateReaction", { workflowId, startWorkflowId });
      await post("reactions.ReactionService/CreateReaction", { workflowId, callbackUrl });
      const { page, complaints } = await browser.open(`${server.web}/executions/${id}`);
      const rows = page.getByRole("region", { name: "List of reactions to its end" }).locator("tbody tr");
      go("end");
      const started = rows.filter({ hasText: startWorkflowId });
      await started.getByText("done").waitFor({ timeout: 20_000 });
      const called = rows.filter({ hasText: "calls https://nowhere.invalid/hook" });
      await called.locator(".clip").waitFor({ timeout: 20_000 });
      expect(await page.textContent("body")).not.toContain("hidden");
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
      const link = started.locator("a[href^='/executions/']");
      const href = await link.getAttribute("href");
      await link.click();
      await page.waitForURL(`**${href}`);
      await page.getByText(`started by the end of ${id}`).waitFor();
    });

    it("draws two thousand nodes, of which only those in sight are in the document, and stays usable", async () => {
      const id = await execute(server.client(), large());
      const { page, complaints } = await browser.open(`${server.web}/executions/${id}`);
      await page.getByRole("group", { name: /^Graph of 2000 nodes/ }).waitFor({ timeout: 60_000 });
      expect(await page.locator(".graph .node").count()).toBeLessThan(600);
      await page.getByRole("button", { name: "Show all of the graph" }).click();
      await page.waitForFunction(() => document.querySelectorAll(".graph .node").length === 2_000);
      await page.getByRole("button", { name: "Zoom in" }).click();
      await page.getByRole("tab", { name: "Nodes" }).click();
      await page.getByRole("searchbox", { name: "Node" }).fill("step_1998");
      await page.getByRole("button", { name: "step_1998" }).click();
      await page.getByRole("tab", { name: "Graph" }).click();
      await page.getByRole("button", { name: /^step_1998, noop/ }).waitFor();
      expect(complaints).toEqual([]);
    });

    it("is used by keyboard alone", async () => {
      const { page } = await browser.open(`${server.web}/executions/${running}`);
      await page.getByRole("group", { name: /^Graph of 3 nodes/ }).waitFor();
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      const focused = () =>
        page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
      const tabTo = async (name: RegExp) => {
        for (let presses = 0; presses < 30 && !name.test((await focused()) ?? ""); presses += 1)
          await page.keyboard.press("Tab");
        expect(await focused()).toMatch(name);
      };
      await tabTo(/^Graph$/);
      await tabTo(/^build, shell/);
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-node") === "ship");
      await page.keyboard.press("End");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-node") === "deploy");
      await page.keyboard.press("Enter");
      await page.getByRole("complementary", { name: "Node deploy" }).waitFor();
      await page.getByRole("tab", { name: "Graph" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tab", { name: "Timeline", selected: true }).waitFor();
    });

    it.each(["light", "dark"] as const)("has nothing that axe finds wrong, in %s", async (colorScheme) => {
      const paths = ["/executions", `/executions/${running}?node=build`, `/executions/${running}?tab=timeline`];
      // The same elements in other colours need not be looked at on every page.
      if (colorScheme === "light")
        paths.push(`/executions/${running}?tab=nodes`, `/executions/${running}?tab=data`, "/approvals", "/schedules");
      const { page, context } = await browser.open(server.web, { colorScheme });
      for (const path of paths) {
        await page.goto(`${server.web}${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        if (path.includes("node=")) await page.getByRole("log").waitFor();
        await page.waitForTimeout(300);
        expect([path, await accessibilityProblems(page)]).toEqual([path, []]);
      }
      await context.close();
    });

    it("fits a telephone, and stands still where that is wished for", async () => {
      const { page } = await browser.open(`${server.web}/executions`, {
        viewport: { width: 360, height: 740 },
        reducedMotion: "reduce",
      });
      for (const path of ["/executions", `/executions/${running}?node=build`, "/approvals", "/schedules"]) {
        await page.goto(`${server.web}${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForTimeout(300);
        expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360]);
        const moving = () => document.getAnimations().filter(({ playState }) => playState === "running").length;
        expect(await page.evaluate(moving)).toBe(0);
      }
    });
  });
}
