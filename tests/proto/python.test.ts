import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Task, TaskStatus } from "../../src/gen/proto/tasks";
import { INSTALL_TIMEOUT_MS, installPythonPackages, python } from "../python-packages";

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

describe("the contract compiles for Python", () => {
  let generated: string;

  beforeAll(async () => {
    await installPythonPackages();
    generated = fs.mkdtempSync(path.join(os.tmpdir(), "aco-python-"));
    const outputs = [`--python_out=${generated}`, `--grpc_python_out=${generated}`];
    await python(["-m", "grpc_tools.protoc", "--proto_path=proto", ...outputs, ...PYTHON_FILES]);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => fs.rmSync(generated, { recursive: true, force: true }));

  test("a Python client reads what we write, tells absent from empty, and sees which methods stream", async () => {
    const task = Task.create({ title: "größer", status: TaskStatus.TASK_STATUS_FAILED, error: "" });
    const said: unknown = JSON.parse(
      await python(["-c", CLIENT], { cwd: generated, input: Task.encode(task).finish() }),
    );
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
