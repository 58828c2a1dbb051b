import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { type AcoProcess, startDevProcess, temporaryFolder } from "../e2e/aco-process";
import { type ApiClient, connectApi, executionIdOf } from "../integration/api-client";

/** A development server with its page; `restart` takes the same ports again. */
export interface PageServer {
  readonly web: string;
  readonly client: () => ApiClient;
  readonly folder: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPageServer(): Promise<PageServer> {
  const folder = temporaryFolder();
  let server: AcoProcess = startDevProcess(folder, "--web-port", "0");
  const { grpc, web } = await server.ready;
  let client = connectApi(grpc);
  return {
    web,
    folder,
    client: () => client,
    kill: async () => {
      await server.end("SIGKILL");
    },
    restart: async () => {
      server = startDevProcess(folder, "--web-port", new URL(web).port);
      client.close();
      client = connectApi((await server.ready).grpc);
    },
    stop: async () => {
      client.close();
      await server.end("SIGTERM");
    },
  };
}

/** Of a workflow, with its name. */
export interface Definition {
  readonly name: string;
  readonly nodes: readonly object[];
  readonly edges: readonly object[];
}

/** Starts a workflow and lets go of it; its id. */
export async function execute(client: ApiClient, definition: Definition): Promise<string> {
  const { name, ...rest } = definition;
  const { id } = await client.createWorkflow({ name, definition: JSON.stringify({ version: 1, ...rest }) });
  const call = client.workflows.executeWorkflow({ id });
  call.on("error", () => undefined);
  const executionId = await executionIdOf(call);
  call.cancel();
  return executionId;
}

export function shell(id: string, command: string, config: object = {}) {
  return { id, type: "task", config: { task_type: "shell", config: { command, ...config } } };
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with the page as it stands, by WCAG 2.2 AA and good practice: a line for each. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // By the browser's own protocol: the page's policy would let no such script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 150)).join(" | ")}`,
  );
}
