/**
 * Names in package-lock.json the packages of every platform, not only of those that the registry at hand had when the
 * lock was written: a registry that mirrors few platforms leaves the others out, and then `npm ci` refuses the lock.
 * `node scripts/complete-lock.mjs` after adding a dependency; with `--check` it only says what is missing.
 */
import fs from "node:fs";
import path from "node:path";
import { ROOT, runMain } from "./steps.mjs";

const LOCK = path.join(ROOT, "package-lock.json");

/** Node's names, as they stand in the names of packages that hold one platform's binary. */
const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];
/** Other spellings of a processor. */
const ALIASES = { armv7: "arm" };
const C_LIBRARIES = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/** The lock's entry for one platform's package, which npm installs nowhere else. */
function entryFor(name, version, { dev, license }) {
  const words = name.split("/").at(-1).split("-");
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => ALIASES[word] ?? word).find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined) throw new Error(`${name}: cannot tell its platform from its name`);
  const libc =
    os === "linux" ? words.map((word) => C_LIBRARIES[word]).find((library) => library !== undefined) : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev === true ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    license,
    optional: true,
    os: [os],
  };
}

function missingEntries({ packages }) {
  const present = new Set(Object.keys(packages).map((key) => key.split("node_modules/").at(-1)));
  const wanted = Object.values(packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {}).map(([name, version]) => ({ name, version, parent })),
  );
  return wanted
    .filter(({ name }) => !present.has(name))
    .map(({ name, version, parent }) => [`node_modules/${name}`, entryFor(name, version, parent)]);
}

await runMain(() => {
  const lock = JSON.parse(fs.readFileSync(LOCK, "utf8"));
  const missing = missingEntries(lock);
  if (missing.length === 0) return;
  if (process.argv.includes("--check"))
    throw new Error(`run node scripts/complete-lock.mjs: missing are\n${missing.map(([key]) => key).join("\n")}`);
  const entries = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en")));
  fs.writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
});
