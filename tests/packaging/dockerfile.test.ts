import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { readCopy, readDockerfile, type Stage } from "./read-dockerfile";

/** `npm ci` of 900 MB and a whole build, on a machine whose other core runs another test. */
const BUILD_TIMEOUT_MS = 480_000;

const stages = readDockerfile(fs.readFileSync(path.join(REPOSITORY, "Dockerfile"), "utf8"));
const [build, run] = stages as readonly [Stage, Stage];

/** What is committed or about to be: all that an engine on a clean clone could be sent. */
const repositoryFiles = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: REPOSITORY,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(REPOSITORY, file)));

/** A pattern of .dockerignore, which takes what lies under a folder with it: `*` stays in one folder, `**` does not. */
function patternOf(glob: string): RegExp {
  const source = glob
    .replaceAll(".", "\\.")
    .replaceAll("**/", "(.+/)?")
    .replaceAll(/(?<!\.)\*/g, "[^/]*");
  return new RegExp(`^${source}(/.*)?$`);
}

/** Last match wins, as an engine reads .dockerignore; only the forms that ours uses. */
function isSentToEngine(file: string): boolean {
  const rules = fs.readFileSync(path.join(REPOSITORY, ".dockerignore"), "utf8").split("\n");
  return rules
    .filter((rule) => rule !== "" && !rule.startsWith("#"))
    .reduce((isSent, rule) => {
      const pattern = rule.replace(/^!/, "");
      const matches = patternOf(pattern).test(file);
      return matches ? rule.startsWith("!") : isSent;
    }, true);
}

const sent = repositoryFiles.filter(isSentToEngine);

describe("the Dockerfile", () => {
  let root: string;
  const folderOf = (stage: Stage): string => path.join(root, stage.name, "app");

  function copy(stage: Stage, text: string): void {
    const { from, sources, target } = readCopy(text);
    for (const source of sources) {
      if (from !== null) {
        // Moved, not copied: nothing of the first stage is needed any more, and it is large.
        fs.renameSync(path.join(root, from, source), path.join(folderOf(stage), target));
        continue;
      }
      const files = sent.filter((file) => file === source || file.startsWith(`${source}/`));
      expect([source, files.length > 0]).toEqual([source, true]);
      for (const file of files) {
        const to = path.join(folderOf(stage), target, path.relative(target === "./" ? "" : source, file));
        fs.mkdirSync(path.dirname(to), { recursive: true });
        fs.copyFileSync(path.join(REPOSITORY, file), to);
        fs.chmodSync(to, fs.statSync(path.join(REPOSITORY, file)).mode);
      }
    }
  }

  /** Does what an engine does with a stage, but for the commands of a root user and without a container. */
  function buildStage(stage: Stage, commands: "run" | "skip"): void {
    fs.mkdirSync(folderOf(stage), { recursive: true });
    for (const { keyword, text } of stage.instructions) {
      if (keyword === "COPY") copy(stage, text);
      if (keyword === "RUN" && commands === "run")
        execFileSync("/bin/sh", ["-c", text], { cwd: folderOf(stage), stdio: "pipe", encoding: "utf8" });
    }
  }

  function aco(...args: readonly string[]): { status: number | null; output: string } {
    const env = {
      PATH: process.env["PATH"],
      HOME: root,
      ACO_DATA_DIR: path.join(root, "data"),
      NODE_ENV: "production",
    };
    const program = path.join(folderOf(run), "bin/aco.js");
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      env,
      encoding: "utf8",
      cwd: root,
    });
    return { status, output: `${stdout}${stderr}` };
  }

  beforeAll(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "aco-image-"));
    buildStage(build, "run");
    buildStage(run, "skip");
  }, BUILD_TIMEOUT_MS);
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

  test("builds an image that holds the program, and neither sources nor what only the build needs", () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, "package.json"), "utf8")) as {
      version: string;
    };
    expect(aco("--version")).toEqual({ status: 0, output: `${version}\n` });
    const present = fs.readdirSync(folderOf(run)).sort();
    expect(present).toEqual(["bin", "dist", "node_modules", "package.json", "prisma", "proto"]);
    expect(fs.existsSync(path.join(folderOf(run), "node_modules/jest"))).toBe(false);
    expect(fs.existsSync(path.join(folderOf(run), "dist/workflow-bundle.js"))).toBe(true);
  });

  test("leaves every package that the program loads in the image", () => {
    const load = `
      const path = require("node:path");
      const files = require("node:fs").readdirSync("dist", { recursive: true });
      const modules = files.filter((file) => file.endsWith(".js") && !file.startsWith("workflow") && !file.startsWith("page"));
      for (const file of modules) require(path.resolve("dist", file));
      console.log(modules.length);
      process.exit();`;
    const loaded = execFileSync(process.execPath, ["-e", load], { cwd: folderOf(run), encoding: "utf8" });
    expect(Number(loaded)).toBeGreaterThan(50);
  });

  test("starts as the API, whose health is asked by a command that the program has", () => {
    const commandOf = (keyword: string): string => String(run.instructions.find((i) => i.keyword === keyword)?.text);
    expect(commandOf("ENTRYPOINT")).toBe('["tini", "--", "aco"]');
    const command = JSON.parse(commandOf("CMD")) as string[];
    expect(aco(...command, "--help").status).toBe(0);
    expect(aco("worker", "start", "--help").status).toBe(0);

    const [, health = "[]"] = /CMD (\[.*\])$/.exec(commandOf("HEALTHCHECK")) ?? [];
    const [program, ...args] = JSON.parse(health) as string[];
    expect(program).toBe("aco");
    // Nothing listens there: unreachable is exit code 3.
    const unused = args.map((argument) => argument.replace(/:\d+$/, ":1"));
    expect(aco(...unused).status).toBe(3);
  });

  test("runs as a user without rights on the stable base that we test on", () => {
    expect(stages.map(({ base }) => base)).toEqual(["node:20-bookworm-slim", "node:20-bookworm-slim"]);
    const keywords = run.instructions.map(({ keyword, text }) => `${keyword} ${text}`);
    expect(keywords).toContain("USER node");
    expect(keywords.findIndex((line) => line.startsWith("RUN"))).toBeLessThan(keywords.indexOf("USER node"));
  });
});
