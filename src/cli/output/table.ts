import { columnsOf, cut, pad } from "../../core/text-columns";
import { harmlessLine } from "./terminal-text";

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
  /** Columns that a narrow terminal does without, the first of them first. */
  readonly dispensable?: readonly number[];
}

/** Before the flexible column is cut below this, a dispensable one goes: some three words. */
const READABLE_COLUMN = 20;

/** The lines of a table, no wider than `width` where leaving out columns and cutting the flexible one can do it. */
export function tableLines(table: Table, width: number): string[] {
  const { headings, rows, flexible } = narrowed(table, width);
  return alignedLines([headings, ...rows.map((row) => row.map(harmlessLine))], flexible, width);
}

/** The table without the columns that it has no room for. */
function narrowed(table: Table, width: number): Table {
  const columnWidth = (column: number): number => {
    const cells = [table.headings[column] ?? "", ...table.rows.map((row) => harmlessLine(row[column] ?? ""))];
    const columns = Math.max(...cells.map(columnsOf));
    return column === table.flexible ? Math.min(READABLE_COLUMN, columns) : columns;
  };
  let kept = table.headings.map((_, column) => column);
  for (const column of table.dispensable ?? []) {
    const needed = kept.reduce((sum, one) => sum + columnWidth(one) + GAP.length, -GAP.length);
    if (needed <= width) break;
    kept = kept.filter((one) => one !== column);
  }
  const keep = (row: readonly string[]) => kept.map((column) => row[column] ?? "");
  return { headings: keep(table.headings), rows: table.rows.map(keep), flexible: kept.indexOf(table.flexible) };
}

function alignedLines(rows: readonly (readonly string[])[], flexibleColumn: number, width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  const total = widths.reduce((sum, columns) => sum + columns, GAP.length * (widths.length - 1));
  const flexible = widths[flexibleColumn] ?? 0;
  if (total > width) widths[flexibleColumn] = Math.max(Math.min(MIN_COLUMN, flexible), flexible - (total - width));
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

export type Fields = readonly (readonly [name: string, value: string])[];

/** One `name  value` a line; a value of several lines goes on under its first. Empty values are left out. */
export function fieldLines(fields: Fields): string[] {
  const shown = fields.filter(([, value]) => value !== "");
  const width = Math.max(0, ...shown.map(([name]) => columnsOf(name)));
  return shown.flatMap(([name, value]) =>
    value.split("\n").map((line, index) => `${pad(index === 0 ? name : "", width)}${GAP}${line}`.trimEnd()),
  );
}

/** One `name: value` a line, for other programs; the lines of a value stand side by side. */
export function plainFieldLines(fields: Fields): string[] {
  return fields
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${harmlessLine(value.replaceAll("\n", "; "))}`);
}
