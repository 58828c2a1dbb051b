import type { OutputFormat } from "../../config";

/** What is told when a process is ready: labels for people, keys for programs. */
export interface ReadyFact {
  readonly label: string;
  readonly key: string;
  /** Null where there is none; people are not told. */
  readonly value: string | null;
}

/** One line of JSON, or a title and a line for each fact. */
export function readyText(title: string, facts: readonly ReadyFact[], hint: string, format: OutputFormat): string {
  if (format === "json") return `${JSON.stringify(Object.fromEntries(facts.map(({ key, value }) => [key, value])))}\n`;
  const told = facts.filter(({ value }) => value !== null);
  const width = Math.max(...told.map(({ label }) => label.length));
  const lines = told.map(({ label, value }) => `  ${label.padEnd(width)}  ${value}`);
  return `${[title, ...lines, hint].join("\n")}\n`;
}
