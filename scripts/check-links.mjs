/** Fails when a Markdown document links to a file or a heading of the repository that does not exist. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ROOT, runMain } from "./steps.mjs";

/** `[text](target)` and `![text](target)`, without a title. */
const LINK = /\]\(([^()\s]+)\)/g;
const FENCE = /^(```|~~~)[\s\S]*?^\1/gm;
const CODE = /`[^`\n]*`/g;

/** The anchors that GitHub gives a document's headings. */
function anchorsOf(document) {
  const headings = document.replace(FENCE, "").matchAll(/^#{1,6}\s+(.*)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-"),
    ),
  );
}

function brokenLinks(file) {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8").replace(FENCE, "").replace(CODE, "");
  const targets = [...text.matchAll(LINK)].map(([, target]) => target);
  return targets
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .filter((target) => {
      const [name, anchor] = target.split("#");
      const linked = name === "" ? path.join(ROOT, file) : path.resolve(ROOT, path.dirname(file), name);
      if (!fs.existsSync(linked)) return true;
      if (anchor === undefined || !linked.endsWith(".md")) return false;
      return !anchorsOf(fs.readFileSync(linked, "utf8")).has(anchor);
    })
    .map((target) => `${file}: ${target}`);
}

await runMain(() => {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
  const documents = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).split("\n");
  const broken = documents.filter((file) => file !== "" && fs.existsSync(path.join(ROOT, file))).flatMap(brokenLinks);
  if (broken.length > 0) throw new Error(`broken links:\n${broken.join("\n")}`);
});
