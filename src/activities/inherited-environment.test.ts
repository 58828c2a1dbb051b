import { inheritedEnvironment } from "./inherited-environment";

test("a task sees what programs need, and nothing that the worker is configured with", () => {
  const environment = {
    PATH: "/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    LC_ALL: "C",
    TZ: "UTC",
    TMPDIR: "/tmp",
    DATABASE_URL: "postgresql://user:password@host/db",
    TEMPORAL_API_KEY: "secret",
    TEMPORAL_ADDRESS: "host:7233",
    ACO_CONNECT: "secret:key",
    AWS_SECRET_ACCESS_KEY: "secret",
    LC_SECRET_1: "no",
    NODE_OPTIONS: "--inspect",
    USER: undefined,
  };
  expect(inheritedEnvironment(environment)).toEqual({
    PATH: "/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    LC_ALL: "C",
    TZ: "UTC",
    TMPDIR: "/tmp",
  });
});
