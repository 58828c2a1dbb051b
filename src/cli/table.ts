import { columnsOf, cut, harmlessLine, pad } from "./terminal-text";

/** Between two columns. */
const GAP = "  ";
/** A column is never cut below this, whatever the width: an ellipsis alone says nothing. */
const MIN_COLUMN = 8;

export interface Table {
  readonly headings: readonly string[];
  /** Each row has as many cells as there are headings. */
  readonly rows: readonly (readonly string[])[];
  /** Index of the column that gives way when the terminal is too narrow: names and titles do, ids never. */
  readonly flexible: number;
}

/** The lines of a table, no wider than `width` where cutting the flexible column can do it. */
export function tableLines(table: Table, width: number): string[] {
  const rows = [table.headings, ...table.rows.map((row) => row.map(harmlessLine))];
  const widths = table.headings.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  const total = widths.reduce((sum, columns) => sum + columns, GAP.length * (widths.length - 1));
  const flexible = widths[table.flexible] ?? 0;
  if (total > width) widths[table.flexible] = Math.max(Math.min(MIN_COLUMN, flexible), flexible - (total - width));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cut(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** The lines of a tab-separated table without headings, for `cut`, `awk` and `while read`. */
export function tabLines(table: Table): string[] {
  return table.rows.map((row) => row.map(harmlessLine).join("\t"));
}

/** One `name  value` a line; a value of several lines goes on under its first. Empty values are left out. */
export function fieldLines(fields: readonly (readonly [name: string, value: string])[]): string[] {
  const shown = fields.filter(([, value]) => value !== "");
  const width = Math.max(0, ...shown.map(([name]) => columnsOf(name)));
  return shown.flatMap(([name, value]) =>
    value.split("\n").map((line, index) => `${pad(index === 0 ? name : "", width)}${GAP}${line}`.trimEnd()),
  );
}
