import { isNamespaceMissing, isNotFound, whileNamespaceMissing } from "./grpc-errors";

/** As the native connection throws it, and as the SDK's workflow client makes it of that. */
const RAW = Object.assign(new Error("Namespace default is not found."), { name: "ServiceError", code: 5 });
const OF_CLIENT = Object.assign(new Error("Namespace not found: 'default'"), { name: "NamespaceNotFoundError" });

const RUN_GONE = Object.assign(new Error("workflow execution not found"), { name: "ServiceError", code: 5 });

test.each([RAW, OF_CLIENT, new Error("failed", { cause: RAW })])(
  "a missing namespace does not mean a missing run",
  (error) => {
    expect([isNamespaceMissing(error), isNotFound(error)]).toEqual([true, false]);
  },
);

test("a missing run does not mean a missing namespace", () => {
  expect([isNamespaceMissing(RUN_GONE), isNotFound(RUN_GONE)]).toEqual([false, true]);
});

test("a call is made again until Temporal knows the namespace", async () => {
  const call = jest.fn().mockRejectedValueOnce(OF_CLIENT).mockRejectedValueOnce(RAW).mockResolvedValue("answer");
  expect(await whileNamespaceMissing(call)).toBe("answer");
  expect(call).toHaveBeenCalledTimes(3);
});

test("a namespace that stays away is UNAVAILABLE", async () => {
  const call = jest.fn().mockRejectedValue(RAW);
  await expect(whileNamespaceMissing(call, 150)).rejects.toMatchObject({ code: "UNAVAILABLE", cause: RAW });
  expect(call.mock.calls.length).toBeGreaterThan(1);
});

test("other errors are thrown at once, as they are", async () => {
  const call = jest.fn().mockRejectedValue(RUN_GONE);
  await expect(whileNamespaceMissing(call)).rejects.toBe(RUN_GONE);
  expect(call).toHaveBeenCalledTimes(1);
});
