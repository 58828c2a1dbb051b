import { TaskStatus } from "../../src/gen/proto/tasks";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const SHELL = { title: "say hello", taskType: "shell", config: '{"command":"echo hello"}' };

describe("ListTasks", () => {
  let list: TestApi;
  beforeAll(async () => {
    list = await startTestApi(temporalIsDown);
    const http = { taskType: "http", config: '{"url":"http://localhost/"}' };
    for (let n = 0; n < 105; n += 1) {
      await list.client.createTask({ ...SHELL, title: `task ${n}`, ...(n % 5 === 0 ? http : {}) });
    }
  });
  afterAll(() => list.close());

  it("gives the newest hundred first, and the total of all that match", async () => {
    const { tasks, total } = await list.client.listTasks();
    expect(total).toBe(105);
    expect(tasks.map(({ title }) => title)).toEqual(Array.from({ length: 100 }, (_, n) => `task ${104 - n}`));
  });

  it("pages without gap or repeat", async () => {
    const pages = await Promise.all([0, 50, 100, 150].map((offset) => list.client.listTasks({ limit: 50, offset })));
    expect(pages.map(({ tasks }) => tasks.length)).toEqual([50, 50, 5, 0]);
    expect(new Set(pages.flatMap(({ tasks }) => tasks.map(({ id }) => id))).size).toBe(105);
    expect(pages.map(({ total }) => total)).toEqual([105, 105, 105, 105]);
  });

  it("filters by type and status", async () => {
    const http = await list.client.listTasks({ taskType: "http", limit: 3 });
    expect([http.total, http.tasks.length]).toEqual([21, 3]);
    expect((await list.client.listTasks({ taskType: "nothing" })).total).toBe(0);
    expect((await list.client.listTasks({ status: TaskStatus.TASK_STATUS_PENDING })).total).toBe(105);
    expect((await list.client.listTasks({ status: TaskStatus.TASK_STATUS_FAILED })).tasks).toEqual([]);
  });

  it("gives no rows but the total for a limit of 0, and takes a limit over 1,000 as 1,000", async () => {
    expect(await list.client.listTasks({ limit: 0 })).toEqual({ tasks: [], total: 105 });
    expect((await list.client.listTasks({ limit: 2_000_000_000 })).tasks).toHaveLength(105);
  });

  it("refuses negative numbers and statuses that are not one", async () => {
    const wrong = { limit: -1, offset: -1, status: TaskStatus.TASK_STATUS_UNSPECIFIED, taskType: "" };
    expect(await refusedFields(list.client.listTasks(wrong))).toEqual(["limit", "offset", "status", "task_type"]);
    expect(await refusedFields(list.client.listTasks({ status: 77 as TaskStatus }))).toEqual(["status"]);
  });

  it("says what to do when a page would be larger than a message", async () => {
    const config = JSON.stringify({ url: "http://localhost/", method: "POST", body: "x".repeat(900_000) });
    for (let n = 0; n < 5; n += 1) await list.client.createTask({ title: "large", taskType: "http", config });
    const { code, message } = await refusal(list.client.listTasks({ limit: 5 }));
    expect(code).toBe("RESOURCE_EXHAUSTED");
    expect(message).toContain("smaller `limit`");
    expect((await list.client.listTasks({ limit: 4 })).tasks).toHaveLength(4);
  });
});
