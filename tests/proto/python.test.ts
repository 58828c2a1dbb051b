import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Task, TaskStatus } from "../../src/gen/proto/tasks";
import { REPOSITORY } from "../repository";

/** Exact versions from PyPI; both have wheels for Python 3.10 and later on Linux, macOS and Windows. */
const REQUIREMENTS = ["grpcio-tools==1.80.0", "grpcio==1.80.0"];

/** Installed once per user and set of versions; a marker file says that an installation was completed. */
const PACKAGES = path.join(
  os.tmpdir(),
  `aco-tests-${os.userInfo().username}`,
  `python-${createHash("sha256").update(REQUIREMENTS.join()).digest("hex").slice(0, 12)}`,
);

/** Downloading 15 MB over a slow line and unpacking it on a busy machine. */
const INSTALL_TIMEOUT_MS = 300_000;

const PYTHON_FILES = ["tasks.proto", "workflows.proto", "health.proto", "executions.proto"];

/** Reads a Task from standard input as a Python client does, and tells what it sees; then each method's stub. */
const CLIENT = `
import json, sys
import grpc, health_pb2_grpc, tasks_pb2, tasks_pb2_grpc, workflows_pb2_grpc, executions_pb2_grpc
task = tasks_pb2.Task.FromString(sys.stdin.buffer.read())
channel = grpc.insecure_channel("localhost:1")
stubs = [
    tasks_pb2_grpc.TaskServiceStub(channel),
    workflows_pb2_grpc.WorkflowServiceStub(channel),
    health_pb2_grpc.HealthServiceStub(channel),
    executions_pb2_grpc.ExecutionServiceStub(channel),
]
methods = {
    type(stub).__name__: {name: type(call).__name__.strip("_").replace("MultiCallable", "") for name, call in vars(stub).items()}
    for stub in stubs
}
print(json.dumps({
    "title": task.title,
    "status": tasks_pb2.TaskStatus.Name(task.status),
    "has_error": task.HasField("error"),
    "error": task.error,
    "has_started_at": task.HasField("started_at"),
    "methods": methods,
}))
`;

function python(args: readonly string[], options: { cwd?: string; input?: Uint8Array } = {}): string {
  const env = { ...process.env, PYTHONPATH: PACKAGES, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  return execFileSync("python3", args, { cwd: REPOSITORY, encoding: "utf8", env, stdio: "pipe", ...options });
}

/** `--target` works without venv, which Debian packages apart, and leaves the system's packages alone. */
function installOnce(): void {
  const marker = path.join(PACKAGES, "installed");
  if (fs.existsSync(marker)) return;
  fs.mkdirSync(path.dirname(PACKAGES), { recursive: true });
  const fresh = fs.mkdtempSync(`${PACKAGES}-`);
  python(["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", fresh, ...REQUIREMENTS]);
  fs.writeFileSync(path.join(fresh, "installed"), "");
  fs.rmSync(PACKAGES, { recursive: true, force: true });
  fs.renameSync(fresh, PACKAGES);
}

describe("the contract compiles for Python", () => {
  let generated: string;

  beforeAll(() => {
    installOnce();
    generated = fs.mkdtempSync(path.join(os.tmpdir(), "aco-python-"));
    const outputs = [`--python_out=${generated}`, `--grpc_python_out=${generated}`];
    python(["-m", "grpc_tools.protoc", "--proto_path=proto", ...outputs, ...PYTHON_FILES]);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => fs.rmSync(generated, { recursive: true, force: true }));

  test("a Python client reads what we write, tells absent from empty, and sees which methods stream", () => {
    const task = Task.create({ title: "größer", status: TaskStatus.TASK_STATUS_FAILED, error: "" });
    const said: unknown = JSON.parse(python(["-c", CLIENT], { cwd: generated, input: Task.encode(task).finish() }));
    expect(said).toEqual({
      title: "größer",
      status: "TASK_STATUS_FAILED",
      has_error: true,
      error: "",
      has_started_at: false,
      methods: {
        TaskServiceStub: {
          CreateTask: "UnaryUnary",
          GetTask: "UnaryUnary",
          ListTasks: "UnaryUnary",
          UpdateTask: "UnaryUnary",
          DeleteTask: "UnaryUnary",
          ExecuteTask: "UnaryStream",
        },
        WorkflowServiceStub: {
          CreateWorkflow: "UnaryUnary",
          GetWorkflow: "UnaryUnary",
          ListWorkflows: "UnaryUnary",
          UpdateWorkflow: "UnaryUnary",
          DeleteWorkflow: "UnaryUnary",
          ExecuteWorkflow: "UnaryStream",
        },
        HealthServiceStub: { Check: "UnaryUnary" },
        ExecutionServiceStub: expect.objectContaining({ GetExecution: "UnaryUnary", WatchExecution: "UnaryStream" }),
      },
    });
  });
});
