export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, with continued lines joined and comments left out. Reads the forms that ours uses. */
export function readDockerfile(text: string): readonly Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\s*\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, keyword = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    const [, base = "", name = ""] = keyword === "FROM" ? (/^(\S+) AS (\S+)$/.exec(rest) ?? []) : [];
    if (keyword === "FROM") stages.push({ name, base, instructions: [] });
    else stages.at(-1)?.instructions.push({ keyword, text: rest });
  }
  return stages;
}

/** `COPY [--from=STAGE] SOURCE... TARGET`; `from` is null for the files of the repository. */
export function readCopy(text: string): { from: string | null; sources: readonly string[]; target: string } {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith("--from=") ? words[0].slice("--from=".length) : null;
  const paths = from === null ? words : words.slice(1);
  return { from, sources: paths.slice(0, -1), target: String(paths.at(-1)) };
}
