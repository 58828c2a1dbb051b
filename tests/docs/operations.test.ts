/** Every command that docs/operations.md names is one that there is, with options that it has; its first ones are run as they stand. */
import fs from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { buildProgram } from "../../src/cli/main";
import { serverForTests, shell } from "../e2e/aco-command";
import { REPOSITORY } from "../repository";

jest.setTimeout(120_000);
const { env } = serverForTests();

const TEXT = fs.readFileSync(path.join(REPOSITORY, "docs", "operations.md"), "utf8");

/** What stands in the blocks for a shell, with lines that go on joined, and in the text as code. */
function commands(): readonly string[] {
  const blocks = [...TEXT.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = ""]) => code.replaceAll(/ *\\\n */g, " "));
  const lines = blocks.flatMap((code) => code.split("\n"));
  const inline = [...TEXT.replaceAll(/^```.*?^```$/gms, "").matchAll(/`(aco [^`]+)`/gs)].map(([, code = ""]) => code);
  const found = [...lines, ...inline].flatMap((line) => [...line.matchAll(/(?:^|[|(=]\s*)(aco .*)$/gs)]);
  return [...new Set(found.map(([, command = ""]) => command.replaceAll(/\s+/g, " ").trim()))];
}

/** Words outside quotes. */
function wordsOf(command: string): readonly string[] {
  const bare = command.replaceAll(/'[^']*'|"[^"]*"/g, "x").replace(/ *[|>].*$/, "");
  return bare.split(/[\s[\]()]+/).filter((word) => word !== "");
}

/** The command that the words name, and the words after it. */
function resolve(words: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  let command: Command = buildProgram();
  let rest = words.slice(1);
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0] || one.aliases().includes(rest[0] ?? ""));
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

test("there are commands in it", () => {
  expect(commands().length).toBeGreaterThan(30);
});

test.each(commands())("%s", (text) => {
  const words = wordsOf(text);
  // Several that differ in one word: `aco execution cancel|pause`.
  const { command, rest } = resolve(words.map((word) => word.split("|")[0] ?? ""));
  expect(command.parent).not.toBeNull();
  if (command.commands.length > 0 && rest.length > 0) expect(rest[0]).toMatch(/^-|^\.\.\.$|^x$/);
  const known = command.options.flatMap(({ long, short }) => [long, short]);
  const unknown = rest.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0]);
  expect(unknown.filter((option) => !known.includes(option) && option !== "--help")).toEqual([]);
});

test("the first commands, and those that steer, do what they say", async () => {
  const [first = ""] = [...TEXT.matchAll(/^```sh\n(aco server start-dev &\n.*?)^```$/gms)].map(([, code = ""]) => code);
  const [steering = ""] = [...TEXT.matchAll(/^```sh\n(aco run [^`]*?)^```$/gms)].map(([, code = ""]) => code);
  // The test has a server of its own.
  const begin = first.replace(/^.*start-dev &\n/, "");
  const steer = steering.replaceAll(/^(?:grpcurl|aco run).*\n/gm, "");
  // Each is refused until the run has come to where it is paused.
  const again = (command: string) => command.replace(/^aco execution resume.*$/gm, "until $&; do sleep 0.2; done");
  // What comes after `bundle` misses the files of the output that it was given.
  const end = again('aco execution resume "$EXECUTION"');
  const script = ["set -e", begin, again(steer), end, 'aco execution watch "$EXECUTION" --format json || true'].join(
    "\n",
  );
  const { code, stdout } = await shell(script, { ...env(), ACO_FORMAT: "plain" });
  expect(code).toBe(0);
  expect(stdout).toContain('"by":"alice"');
});
