import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { REPOSITORY } from "../repository";

/** Runs the contract check on a folder of .proto files; empty when it passes, else what it says. */
function checkContract(folder: string): string {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/check-contract.mjs", folder], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
  expect(status).toBe(stderr === "" ? 0 : 1);
  return stderr;
}

describe("the contract check", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-contract-"));
    fs.cpSync(path.join(REPOSITORY, "proto"), folder, { recursive: true });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function edit(file: string, from: string, to: string): void {
    const target = path.join(folder, file);
    const before = fs.readFileSync(target, "utf8");
    expect(before).toContain(from);
    fs.writeFileSync(target, before.replace(from, to));
  }

  test("passes on the repository's own files", () => {
    expect(checkContract("proto")).toBe("");
  });

  test("passes when only a comment changes", () => {
    edit("tasks.proto", "// Short name for people.", "// Something else.");
    expect(checkContract(folder)).toBe("");
  });

  test.each([
    ["a field is renamed", "tasks.proto", "string title = 1;", "string heading = 1;", "heading"],
    ["a field's number changes", "health.proto", "string version = 2;", "string version = 5;", "version"],
    ["a field's type changes", "tasks.proto", "int32 total = 2;", "int64 total = 2;", "total"],
    ["a field stops being optional", "workflows.proto", "optional string input = 2;", "string input = 2;", "input"],
    ["a field is added", "tasks.proto", "bool success = 1;", "bool success = 1;\n  string note = 2;", "note"],
    ["an enum value is added", "workflows.proto", "_FAILED = 6;", "_FAILED = 6;\n  _PAUSED = 7;", "_PAUSED"],
    ["a method stops streaming", "tasks.proto", "(stream ExecutionEvent)", "(ExecutionEvent)", "ExecuteTask"],
    [
      "a method is added",
      "health.proto",
      "rpc Check(",
      "rpc Ping(HealthCheckRequest) returns (HealthCheckResponse);\n  rpc Check(",
      "Ping",
    ],
    ["a package changes", "health.proto", "orchestrator.health;", "orchestrator.health.v1;", "package"],
    ["an option is added", "tasks.proto", "int32 total = 2;", "int32 total = 2 [deprecated = true];", "total"],
  ])("fails when %s, and names it", (_case, file, from, to, named) => {
    edit(file, from, to);
    expect(checkContract(folder)).toContain(named);
  });

  test("fails when a file is missing", () => {
    fs.rmSync(path.join(folder, "health.proto"));
    expect(checkContract(folder)).toContain("health.proto");
  });
});
