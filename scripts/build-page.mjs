/**
 * Bundles web/ into dist/page: one script, one style sheet, the worker that lays graphs out, and the document that names
 * them. Names hold a hash of the contents, so that browsers may keep them for ever. Part of `npm run build`.
 */
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { ROOT, syncFolder } from "./steps.mjs";

export const PAGE = "dist/page";

const SETTINGS = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  legalComments: "eof",
  charset: "utf8",
  // Each of these has CSS nesting, `:has` and what the page's libraries ask for.
  target: ["chrome120", "firefox121", "safari17"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  tsconfig: "web/tsconfig.json",
  logLevel: "silent",
  metafile: true,
};

/** Builds one entry; resolves to the name of the file it became. */
async function bundle(entry, folder, define = {}) {
  const { metafile } = await build({ ...SETTINGS, entryPoints: [entry], outdir: folder, define });
  const [output] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry);
  return path.basename(output);
}

/** Writes the page to `folder`, which is empty, and from there to dist/page. */
export async function buildPage(folder) {
  const worker = await bundle("web/graph/layout-worker.ts", folder);
  const renamed = worker.replace(/^layout-worker-/, "layout-");
  fs.renameSync(path.join(folder, worker), path.join(folder, renamed));
  const script = await bundle("web/main.tsx", folder, { LAYOUT_WORKER: JSON.stringify(`/assets/${renamed}`) });
  const style = await bundle("web/page.css", folder);
  const icon = "icon.svg";
  fs.copyFileSync(path.join(ROOT, "web", icon), path.join(folder, icon));
  const document = fs
    .readFileSync(path.join(ROOT, "web", "index.html"), "utf8")
    .replace("page.css", `/assets/${style}`)
    .replace("main.tsx", `/assets/${script}`);
  fs.writeFileSync(path.join(folder, "index.html"), document);
  syncFolder(folder, path.join(ROOT, PAGE));
}
