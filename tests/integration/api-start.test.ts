import { startApi } from "../../src/api/start-api";
import { OrchestratorError } from "../../src/core/errors";
import { silentLogger } from "../../src/core/logger";
import { connectApi, refusal } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

let test: TestApi;
const logged: { fields: object; message: string }[] = [];
/** Set by a test: what the store throws from `ping`-less reads. */
let storeFails: Error | undefined;
beforeAll(async () => {
  test = await startTestApi({
    ...temporalIsDown,
    logger: { ...silentLogger, error: (fields, message) => logged.push({ fields, message }) },
    wrapStore: (store) => ({
      ...store,
      getTask: (id) => (storeFails === undefined ? store.getTask(id) : Promise.reject(storeFails)),
    }),
  });
});
afterAll(() => test.close());
afterEach(() => {
  storeFails = undefined;
});

const options = () => ({
  dataDir: test.dataDir,
  store: test.store,
  ...temporalIsDown,
  logger: silentLogger,
  version: "1",
});
const ID = "0190a000-0000-7000-8000-000000000000";

describe("starting", () => {
  it("takes a free port for port 0 and says which", async () => {
    expect(test.api.address).toBe(`127.0.0.1:${test.api.port}`);
    expect(test.api.port).toBeGreaterThan(0);
    expect((await test.client.listTasks({ limit: 0 })).total).toBe(0);
  });

  it("says what to do when the address is in use", async () => {
    const listen = { host: "127.0.0.1", port: test.api.port };
    await expect(startApi({ ...options(), listen })).rejects.toThrow(
      `cannot listen on ${test.api.address}: the address is in use; stop what listens there, or choose another port`,
    );
  });

  it("says so when the machine does not have the address", async () => {
    await expect(startApi({ ...options(), listen: { host: "192.0.2.1", port: 0 } })).rejects.toThrow(
      "no network interface of this machine has that address",
    );
  });

  it("listens on IPv6 and shows the address in brackets", async () => {
    const api = await startApi({ ...options(), listen: { host: "::1", port: 0 } });
    expect(api.address).toBe(`[::1]:${api.port}`);
    const client = connectApi(api.address);
    expect((await client.listTasks({ limit: 0 })).total).toBe(0);
    client.close();
    await api.close();
  });
});

describe("stopping", () => {
  it("lets a call in flight finish, takes no further ones, and can be asked twice", async () => {
    const { api, client } = await test.startAnother();
    await client.listTasks();
    const inFlight = client.createTask({ title: "last", taskType: "shell", config: '{"command":"true"}' });
    // The request is on its way before the server hears of the shutdown.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([api.close(), api.close()]);
    expect((await inFlight).title).toBe("last");
    expect((await refusal(client.listTasks())).code).toBe("UNAVAILABLE");
    client.close();
  });
});

describe("errors that are not the client's", () => {
  it("masks an unexpected error with an id that the log shows beside the cause", async () => {
    storeFails = new Error("SELECT secret FROM passwords");
    const { code, message } = await refusal(test.client.getTask(ID));
    expect(code).toBe("INTERNAL");
    expect(message).not.toContain("secret");
    const [id] = /[0-9a-f-]{36}/.exec(message) ?? [];
    expect(logged.at(-1)?.fields).toMatchObject({ error_id: id, err: storeFails });
  });

  it("passes UNAVAILABLE of the database on", async () => {
    storeFails = new OrchestratorError("UNAVAILABLE", "the database cannot be reached");
    expect(await refusal(test.client.getTask(ID))).toMatchObject({
      code: "UNAVAILABLE",
      message: "the database cannot be reached",
    });
  });
});
