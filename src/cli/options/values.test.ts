import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { readDefinitionFile } from "../workflow/definition-file";
import { onceOnly, parseDocument, readInput, readJsonObject, readJsonValue } from "./values";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-cli-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, text);
  return target;
}

const noStdin = () => {
  throw new Error("standard input must not be read");
};

const usage = (message: RegExp) => expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) });

describe("a JSON value", () => {
  test("is given as JSON, in a file, or on standard input", async () => {
    expect(await readJsonValue("--input", '{"a": [1]}', noStdin)).toEqual({ a: [1] });
    expect(await readJsonValue("--input", `@${file("a.json", '"text"')}`, noStdin)).toBe("text");
    expect(await readJsonValue("--input", `@${file("a.yaml", "a: [1, 2]")}`, noStdin)).toEqual({ a: [1, 2] });
    expect(await readJsonValue("--input", "-", () => "null")).toBeNull();
  });

  test.each([
    ["{a}", /^--input is not valid JSON/],
    ["@/no/such/file", /^cannot read .*: there is no such file/],
    ["@/", /^cannot read \/: it is a folder/],
    ["@/dev/zero", /is larger than 4 MiB/],
    [`@${file("empty.json", " \n")}`, /empty\.json is empty/],
    [`@${file("latin-1.yaml", Buffer.from("a: caf\xe9", "latin1"))}`, /latin-1\.yaml is not text in UTF-8/],
  ])("is refused: %s", async (given, message) => {
    await expect(readJsonValue("--input", given, noStdin)).rejects.toEqual(usage(message));
  });

  test("is read from standard input once only", async () => {
    const stdin = onceOnly(() => "{}");
    await readJsonValue("--config", "-", stdin);
    await expect(readJsonValue("--metadata", "-", stdin)).rejects.toEqual(usage(/only once/));
  });
});

describe("a JSON object", () => {
  test("is put together, later parts over earlier ones", async () => {
    const given = ['{"url": "http://a", "x": 1}', "url=http://b?c=d", "retry:={}", "n:=3", "command=true"];
    expect(await readJsonObject("--config", given, noStdin)).toEqual({
      url: "http://b?c=d",
      x: 1,
      retry: {},
      n: 3,
      command: "true",
    });
  });

  test("is not there when nothing was given", async () => {
    expect(await readJsonObject("--config", [], noStdin)).toBeUndefined();
  });

  test.each(["[1]", "3", "null", "command"])("is nothing else: %s", async (given) => {
    await expect(readJsonObject("--config", [given], noStdin)).rejects.toEqual(usage(/must be a JSON object/));
  });
});

describe("a document", () => {
  test("without an extension is JSON where it looks so, otherwise YAML", async () => {
    expect(await parseDocument("a: 1", "standard input")).toEqual({ a: 1 });
    expect(await parseDocument('{"a": 1}', "standard input")).toEqual({ a: 1 });
    expect(await parseDocument("{nodes: [{id: a}]}", "standard input")).toEqual({ nodes: [{ id: "a" }] });
    await expect(parseDocument('{"a": 1', "standard input")).rejects.toEqual(usage(/is not valid JSON/));
  });

  test("in YAML is refused with the line and column", async () => {
    await expect(parseDocument("a: [1", "x.yaml")).rejects.toEqual(usage(/x\.yaml is not valid YAML: .*line 1/s));
  });

  test("is given without its byte order mark", async () => {
    expect(await readJsonValue("--input", `@${file("bom.json", '\ufeff{"a": 1}')}`, noStdin)).toEqual({ a: 1 });
  });

  test("of several documents is refused without advice to programmers", async () => {
    await expect(parseDocument("a: 1\n---\nb: 1\n", "x.yaml")).rejects.toEqual(
      usage(/^x\.yaml is not valid YAML: it holds several documents \(---\); only one can be used$/),
    );
  });

  test.each(["x.json", "x.yaml", "standard input"])(
    "in %s is refused where a key stands twice in one object",
    async (name) => {
      const doubled = usage(/keys must be unique at line 2, column 16/);
      await expect(parseDocument('{"b": {"a": 1},\n "c": {"a": 1, "a": "x: {\\"a\\": 2}"}}', name)).rejects.toEqual(
        doubled,
      );
      const once = { a: ' "a": 1, "b"', b: [{ a: ":" }, { 'a"b': 1 }] };
      expect(await parseDocument(JSON.stringify(once, null, 1), name)).toEqual(once);
    },
  );

  test("has at most 64 levels", async () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    for (const name of ["x.json", "x.yaml", "standard input"]) {
      await expect(parseDocument(nested(64), name)).resolves.toBeInstanceOf(Array);
      for (const levels of [65, 20_000])
        await expect(parseDocument(nested(levels), name)).rejects.toEqual(usage(/nested deeper than 64 levels/));
    }
  });

  test("is refused where it holds a number that would be sent as null", async () => {
    const refused = usage(/cannot be used: it holds Infinity, which JSON has no number for$/);
    await expect(readInput('{"a": [-1, 1e999]}', () => "")).rejects.toEqual(refused);
    await expect(parseDocument("a: .inf", "x.yaml")).rejects.toEqual(refused);
    await expect(parseDocument("1e400", "standard input")).rejects.toEqual(refused);
    await expect(parseDocument("a: .nan", "x.yaml")).rejects.toEqual(usage(/it holds NaN/));
  });

  test("in YAML cannot grow without bound through aliases", async () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]", "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]"];
    bomb.push("c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]", "d: [*c,*c,*c,*c,*c,*c,*c,*c,*c]");
    await expect(parseDocument(bomb.join("\n"), "x.yaml")).rejects.toEqual(usage(/alias/));
  });
});

describe("a definition file", () => {
  test("holds a workflow, whose name and description are the record's", async () => {
    const text = "name: My graph\ndescription: d\nversion: 1\nnodes: []\nedges: []\n";
    const named = file("g.yaml", text);
    expect(await readDefinitionFile(named, noStdin)).toEqual({
      kind: "workflow",
      name: "My graph",
      description: "d",
      definition: { version: 1, nodes: [], edges: [] },
      source: { name: named, text },
    });
    const bare = file("nightly.json", '{"version": 1, "nodes": [], "edges": []}');
    expect(await readDefinitionFile(bare, noStdin)).toMatchObject({ name: "nightly", description: "" });
  });

  test("holds a task", async () => {
    const task = file("hello.json", '{"task_type": "shell", "config": {"command": "ls"}, "workspace_path": "/tmp"}');
    expect(await readDefinitionFile(task, noStdin)).toEqual({
      kind: "task",
      title: "hello",
      description: "",
      taskType: "shell",
      config: { command: "ls" },
      workspacePath: "/tmp",
    });
  });

  test.each([
    ["[]", /must hold an object/],
    ['{"a": 1}', /holds neither a workflow nor a task/],
    ['{"task_type": "shell", "configuration": {}}', /unknown fields: configuration/],
    ['{"task_type": 3}', /task_type must be a text/],
    ['{"task_type": "shell", "config": []}', /config must be an object/],
    ['{"nodes": [], "name": 1}', /name must be a text/],
  ])("is refused: %s", async (text, message) => {
    await expect(readDefinitionFile("-", () => text)).rejects.toEqual(usage(message));
  });
});
