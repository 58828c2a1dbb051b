import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
});
afterAll(() => test.close());

const definition = (command: string) => ({
  version: 1,
  nodes: [{ id: "a", type: "task", config: { task_type: "shell", config: { command } } }],
  edges: [],
});

/** A workflow with a version for each command. */
async function newWorkflow(...[first = "true", ...others]: readonly string[]): Promise<string> {
  const { id } = await test.client.createWorkflow({ name: "w", definition: JSON.stringify(definition(first)) });
  for (const command of others) {
    await test.client.updateWorkflow({ id, definition: JSON.stringify(definition(command)) });
  }
  return id;
}

describe("ListWorkflowVersions", () => {
  it("lists the newest first, in pages, with hashes and without definitions", async () => {
    const workflowId = await newWorkflow("one", "two", "three");
    const { versions, total } = await test.client.listWorkflowVersions({ workflowId });
    expect(total).toBe(3);
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    for (const each of versions) {
      expect(each).toMatchObject({ workflowId, definitionHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(each.definition).toBeUndefined();
    }
    const page = await test.client.listWorkflowVersions({ workflowId, limit: 1, offset: 1 });
    expect(page).toEqual({ versions: [versions[1]], total: 3 });
    expect(await test.client.listWorkflowVersions({ workflowId, limit: 0 })).toEqual({ versions: [], total: 3 });
  });

  it("has no version for an update that leaves the definition what it means", async () => {
    const workflowId = await newWorkflow("one");
    const { version, nodes } = definition("one");
    const same = [{ edges: [], version, nodes }, { nodes }, definition("one")];
    for (const each of same) {
      await test.client.updateWorkflow({ id: workflowId, name: "renamed", definition: JSON.stringify(each) });
    }
    await test.client.updateWorkflow({ id: workflowId, description: "other" });
    expect((await test.client.listWorkflowVersions({ workflowId })).total).toBe(1);
  });

  it("refuses an unknown workflow and what is no page", async () => {
    expect((await refusal(test.client.listWorkflowVersions({ workflowId: UNKNOWN_ID }))).code).toBe("NOT_FOUND");
    expect(await refusedFields(test.client.listWorkflowVersions({ workflowId: "" }))).toEqual(["workflow_id"]);
    const wrong = { workflowId: UNKNOWN_ID, limit: -1, offset: -1 };
    expect(await refusedFields(test.client.listWorkflowVersions(wrong))).toEqual(["limit", "offset"]);
  });
});

describe("GetWorkflowVersion", () => {
  it("finds a version by number, by hash, and the newest", async () => {
    const workflowId = await newWorkflow("one", "two", "one", "three");
    const byNumber = (version: number) => test.client.getWorkflowVersion({ workflowId, version });
    const second = await byNumber(2);
    expect(second).toMatchObject({ workflowId, version: 2 });
    expect(JSON.parse(second.definition ?? "")).toEqual(definition("two"));
    const definitionHash = second.definitionHash.toUpperCase();
    expect(await test.client.getWorkflowVersion({ workflowId, definitionHash })).toEqual(second);
    const { definitionHash: twice } = await byNumber(1);
    expect(await test.client.getWorkflowVersion({ workflowId, definitionHash: twice })).toEqual(await byNumber(3));
    expect(await test.client.getWorkflowVersion({ workflowId })).toEqual(await byNumber(4));
  });

  it("gives the definition as it was written, key for key", async () => {
    const text =
      '{"edges":[],"nodes":[{"type":"task","config":{"config":{"command":"x"},"task_type":"shell"},"id":"a"}]}';
    const { id: workflowId } = await test.client.createWorkflow({ name: "w", definition: text });
    expect((await test.client.getWorkflowVersion({ workflowId })).definition).toBe(text);
  });

  it("says what there is instead of a version that is not there", async () => {
    const workflowId = await newWorkflow("one", "two");
    expect(await refusal(test.client.getWorkflowVersion({ workflowId, version: 3 }))).toMatchObject({
      code: "NOT_FOUND",
      message: `workflow ${workflowId} has no version 3; its newest is version 2`,
    });
    const definitionHash = "0".repeat(64);
    expect((await refusal(test.client.getWorkflowVersion({ workflowId, definitionHash }))).code).toBe("NOT_FOUND");
    const unknown = await refusal(test.client.getWorkflowVersion({ workflowId: UNKNOWN_ID, version: 1 }));
    expect(unknown).toMatchObject({ code: "NOT_FOUND", message: `there is no workflow ${UNKNOWN_ID}` });
  });

  it("refuses what is no version", async () => {
    const wrong = { workflowId: UNKNOWN_ID, version: 0, definitionHash: "abc" };
    expect(await refusedFields(test.client.getWorkflowVersion(wrong))).toEqual([
      "version",
      "definition_hash",
      "definition_hash",
    ]);
  });
});
