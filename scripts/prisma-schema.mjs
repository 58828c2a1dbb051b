import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./steps.mjs";

/** The databases that records can live in. Each has its folder in prisma/migrations and its client in src/gen/prisma. */
export const PROVIDERS = ["sqlite", "postgresql"];

export const MODELS_FILE = path.join(ROOT, "prisma", "models.prisma");

/** The one set of models, as text. */
export function readModels() {
  return fs.readFileSync(MODELS_FILE, "utf8");
}

/**
 * A whole Prisma schema: the header of `provider` and the models that both share. Its client comes to stand in a folder
 * beside it, named after the provider.
 */
export function schemaFor(provider, models) {
  return `generator client {
  provider            = "prisma-client"
  output              = "./${provider}"
  runtime             = "nodejs"
  moduleFormat        = "cjs"
  // As in our own code; and Jest does not find x.ts under the name x.js.
  importFileExtension = ""
}

datasource db {
  provider = "${provider}"
}

${models}`;
}
