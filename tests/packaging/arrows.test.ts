import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { REPOSITORY } from "../repository";

const BIOME = path.join(REPOSITORY, "node_modules/@biomejs/biome/bin/biome");

/** `[folder under src, what a file there imports]` that the lint must refuse. */
const FORBIDDEN: readonly (readonly [folder: string, specifier: string])[] = [
  ["core", "../definition/graph-types"],
  ["core", "zod"],
  ["core", "node:fs"],
  ["definition", "../engine/engine"],
  ["definition", "node:crypto"],
  ["definition", "@temporalio/common"],
  ["definition/task-types", "../../engine/engine"],
  ["engine", "../workflows/history-contract"],
  ["engine", "../events/event-types"],
  ["engine", "@temporalio/workflow"],
  ["engine", "@grpc/grpc-js"],
  ["engine", "node:fs"],
  ["engine", "../store/records"],
  ["events", "../workflows/execute-task"],
  ["events", "@temporalio/proto"],
  ["simulation", "../workflows/graph-driver"],
  ["simulation", "../cli/values"],
  ["simulation", "node:fs"],
  ["simulation", "@temporalio/workflow"],
  ["redrive", "../workflows/graph-driver"],
  ["redrive", "node:fs"],
  ["drawing", "../engine/engine"],
  ["drawing/svg", "../../cli/output"],
  ["drawing", "node:fs"],
  ["workflows", "@temporalio/client"],
  ["workflows", "@temporalio/activity"],
  ["workflows", "../store/records"],
  ["workflows", "../config"],
  ["workflows", "node:crypto"],
  ["activities", "@prisma/client"],
  ["activities", "../gen/proto/tasks"],
  ["store", "@grpc/grpc-js"],
  ["store", "@temporalio/client"],
  ["store", "../api/status"],
  ["starting", "../api/limits"],
  ["starting", "@temporalio/client"],
  ["schedules", "node:fs"],
  ["schedules", "../temporal/runs"],
  ["webhooks", "node:http"],
  ["reactions", "node:crypto"],
  ["reactions", "../store/records"],
  ["temporal", "../gen/prisma/sqlite/client"],
  ["temporal", "@grpc/grpc-js"],
  ["api", "@prisma/client"],
  ["api/services", "../../gen/prisma/sqlite/client"],
  ["api", "../cli/main"],
  ["server", "@grpc/grpc-js"],
  ["server", "@prisma/client"],
  ["cli", "../store/open-store"],
  ["cli", "@prisma/client"],
  ["../web/parts", "../../src/cli/output/output"],
  ["../web/parts", "../../src/definition/json-schema"],
  ["../web/feed", "../../src/gen/proto/executions"],
  ["../web", "node:fs"],
];

/** What the design allows, beside it. */
const ALLOWED: readonly (readonly [folder: string, specifier: string])[] = [
  ["core", "./json"],
  ["definition", "../core/json"],
  ["definition/task-types", "../../core/json"],
  ["definition", "zod"],
  ["engine", "../definition/graph-types"],
  ["events", "../workflows/history-contract"],
  ["simulation", "../engine/engine"],
  ["simulation", "../events/project"],
  ["redrive", "../engine/engine"],
  ["redrive", "../events/fold-events"],
  ["drawing", "../events/event-types"],
  ["drawing", "@viz-js/viz"],
  ["workflows", "../engine/engine"],
  ["workflows", "@temporalio/workflow"],
  ["workflows", "@temporalio/common"],
  ["activities", "node:child_process"],
  ["activities", "../store/store-port"],
  ["store", "@prisma/adapter-pg"],
  ["store", "../gen/prisma/sqlite/client"],
  ["temporal", "@temporalio/client"],
  ["api", "@grpc/grpc-js"],
  ["api/convert", "../../gen/proto/tasks"],
  ["server", "../temporal/worker"],
  ["cli", "../gen/proto/tasks"],
  ["cli", "../config"],
  ["cli", "../simulation/simulate"],
];

describe("the arrows between folders", () => {
  let clone: string;
  let refused: ReadonlySet<string>;

  /** One run of the linter over one file for each import: starting it for each would take a minute. */
  beforeAll(() => {
    clone = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "aco-arrows-")));
    for (const file of ["biome.json", ".gitignore"])
      fs.copyFileSync(path.join(REPOSITORY, file), path.join(clone, file));
    for (const [index, [folder, specifier]] of [...FORBIDDEN, ...ALLOWED].entries()) {
      const file = path.join(clone, "src", folder, `import-${index}.ts`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, `import { something } from "${specifier}";\n\nexport const used = something;\n`);
    }
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [BIOME, "lint", "--only=style/noRestrictedImports", "--max-diagnostics=none", "--reporter=github", "src", "web"],
      { cwd: clone, encoding: "utf8" },
    );
    const files = [...`${stdout}${stderr}`.matchAll(/noRestrictedImports.*?file=([^,]+)/g)].map(([, file]) =>
      String(file),
    );
    refused = new Set(files.map((file) => path.relative(clone, file)));
  });
  afterAll(() => fs.rmSync(clone, { recursive: true }));

  const fileOf = (folder: string, index: number): string => path.join("src", folder, `import-${index}.ts`);

  test.each(FORBIDDEN.map(([folder, specifier], index) => [folder, specifier, fileOf(folder, index)] as const))(
    "src/%s may not import %s",
    (_folder, _specifier, file) => expect(refused).toContain(file),
  );

  test.each(
    ALLOWED.map(([folder, specifier], index) => [folder, specifier, fileOf(folder, FORBIDDEN.length + index)] as const),
  )("src/%s may import %s", (_folder, _specifier, file) => expect(refused).not.toContain(file));
});
