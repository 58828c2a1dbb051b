/** One measured thing. `ratio` is ours over plain for times, plain over ours for rates: over 1 is slower than Temporal. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly plain?: number;
  readonly ratio?: number;
}

export function compareTimes(name: string, ours: number, plain: number): Row {
  return { name, unit: "ms", ours, plain, ratio: ours / plain };
}

export function compareRates(name: string, ours: number, plain: number): Row {
  return { name, unit: "/s", ours, plain, ratio: plain / ours };
}

/** A table for a terminal. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, unit, ours, plain, ratio }) => [
    name,
    `${round(ours)} ${unit}`,
    plain === undefined ? "" : `${round(plain)} ${unit}`,
    ratio === undefined ? "" : `${ratio.toFixed(2)}x`,
  ]);
  const table = [["", "ours", "plain Temporal", "cost"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
