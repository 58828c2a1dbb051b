/** One mistake must not hide another, nor make up one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/core/json";
import { pointerTo } from "../../src/definition/json-pointer";
import { parseDefinition } from "../../src/definition/parse-definition";
import { definitions } from "../generated-graphs";
import { fc } from "../property";
import { REPOSITORY } from "../repository";
import { edge, found, graph, node, shell } from "./definitions";

/** Objects that are nodes, edges or parts of them, with their pointers. */
function* partsOf(value: JsonValue, pointer = ""): Iterable<{ object: JsonObject; pointer: string }> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* partsOf(item as JsonValue, `${pointer}/${index}`);
  if (!isJsonObject(value)) return;
  if (/^(.*\/)?(nodes|edges)\/\d+(\/(config|catch|retry|timeout|cache))?$/.test(pointer))
    yield { object: value, pointer };
  for (const [name, item] of Object.entries(value)) yield* partsOf(item, pointerTo(pointer, [name]));
}

/** What is found once one field is changed; the definition is as it was afterwards. */
function problemsWith(definition: JsonObject, object: JsonObject, change: (copy: Record<string, JsonValue>) => void) {
  const own = object as Record<string, JsonValue>;
  const before = { ...own };
  change(own);
  const parsed = parseDefinition(definition);
  for (const key of Object.keys(own)) delete own[key];
  Object.assign(own, before);
  return parsed.ok ? [] : parsed.error;
}

/** Problems that say something of another place than the one that was changed. */
function elsewhere(definition: JsonObject): readonly string[] {
  const wrong: string[] = [];
  const parsed = parseDefinition(definition);
  const before = new Set(parsed.ok ? [] : parsed.error.map(({ pointer, message }) => `${pointer} ${message}`));
  for (const { object, pointer } of partsOf(definition)) {
    const where = (problems: ReturnType<typeof problemsWith>, fields: readonly string[]) => {
      for (const { code, pointer: at, message } of problems)
        if (
          at !== pointer &&
          !before.has(`${at} ${message}`) &&
          !fields.some((field) => at === `${pointer}/${field}` || at.startsWith(`${pointer}/${field}/`))
        )
          wrong.push(`${fields[0]} of ${pointer}: ${code} ${at} ${message}`);
    };
    where(
      problemsWith(definition, object, (own) => Object.assign(own, { zzzzzz: 1 })),
      ["zzzzzz"],
    );
    for (const name of Object.keys(object)) {
      // What these say decides what all the rest is.
      if (["id", "type", "source", "target", "loop", "task_type", "config", "body", "task", "task_id"].includes(name))
        continue;
      const misspelt = `${name}x`;
      const renamed = problemsWith(definition, object, (own) => {
        own[misspelt] = own[name] as JsonValue;
        delete own[name];
      });
      where(renamed, [misspelt, name]);
    }
  }
  return wrong;
}

describe("a misspelt field has no consequences", () => {
  test("in generated definitions", () => {
    fc.assert(
      fc.property(definitions({ isSound: false }), (definition) => {
        // Parts that are one object would both be changed.
        expect(elsewhere(JSON.parse(JSON.stringify(definition)) as JsonObject)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  const folder = join(REPOSITORY, "examples");
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  test.each(files)("in examples/%s", (name) => {
    const source = parse(readFileSync(join(folder, name), "utf8")) as JsonObject;
    const inner = source["definition"];
    const definition = isJsonObject(inner) ? inner : source;
    if (!Array.isArray(definition["nodes"])) return;
    expect(elsewhere(definition)).toEqual([]);
  });
});

describe("one mistake does not hide another", () => {
  const map = (more: JsonObject) =>
    node("m", "map", { items: "input.xs", body: graph([shell("b", "${{ item + input.x. }}")]), ...more });
  const task = (more: JsonObject) => shell("a", "${{ nodes.zz.output }}", { when: "input.x >", ...more });

  test.each<[string, JsonObject, readonly string[]]>([
    [
      "of a node",
      graph([task({ retyr: { max_attempts: 0 } })]),
      [
        "FIELD_UNKNOWN /nodes/0/retyr (retry)",
        "EXPRESSION_SYNTAX /nodes/0/when",
        "NODE_UNKNOWN /nodes/0/config/config/command",
      ],
    ],
    [
      "in a body",
      graph([map({ concurency: 2 })]),
      [
        "FIELD_UNKNOWN /nodes/0/config/concurency (concurrency)",
        "EXPRESSION_SYNTAX /nodes/0/config/body/nodes/0/config/config/command",
      ],
    ],
    [
      "of a node whose config is beyond mending",
      graph([node("w", "wait", { duration: "10x" }, { when: "input.x >" })]),
      ["FIELD_VALUE /nodes/0/config/duration", "EXPRESSION_SYNTAX /nodes/0/when"],
    ],
    [
      "of an edge",
      graph([shell("a"), shell("b", "${{ nodes.a.output.stdot }}")], [edge("a -> b", { condtion: "input.x >" })]),
      [
        "FIELD_UNKNOWN /edges/0/condtion (condition)",
        "EXPRESSION_NAME /nodes/1/config/config/command (stdout)",
        "EXPRESSION_SYNTAX /edges/0/condition",
      ],
    ],
    [
      "nor makes up that an id is not there",
      graph([{ ...shell("a"), id: undefined as never, idd: "a" }, shell("b")], [edge("a -> b")]),
      ["FIELD_REQUIRED /nodes/0/id", "FIELD_UNKNOWN /nodes/0/idd (id)"],
    ],
    [
      "in an inline config",
      graph([
        shell("a", "true", { retyr: {}, config: { task_type: "shell", config: { comand: "x", command: "true" } } }),
      ]),
      ["FIELD_UNKNOWN /nodes/0/retyr (retry)", "FIELD_UNKNOWN /nodes/0/config/config/comand (command)"],
    ],
  ])("%s", (_, definition, expected) => {
    expect([...found(definition)].sort()).toEqual([...expected].sort());
  });
});
