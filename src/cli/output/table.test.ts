import { columnsOf } from "../../core/text-columns";
import { fieldLines, tabLines, tableLines } from "./table";

const table = {
  headings: ["ID", "TITLE", "STATUS"],
  rows: [
    ["1", "short", "DONE"],
    ["22", "a title that is rather long", "RUNNING"],
  ],
  flexible: 1,
};

describe("a table", () => {
  test("aligns its columns", () => {
    expect(tableLines(table, 80)).toEqual([
      "ID  TITLE                        STATUS",
      "1   short                        DONE",
      "22  a title that is rather long  RUNNING",
    ]);
  });

  test("cuts the flexible column to fit the terminal", () => {
    const lines = tableLines(table, 30);
    expect(Math.max(...lines.map(columnsOf))).toBe(30);
    expect(lines[2]).toBe("22  a title that is …  RUNNING");
  });

  test("never cuts a column to nothing", () => {
    expect(tableLines(table, 5)[2]).toBe("22  a title…  RUNNING");
  });

  test("leaves out what it can do without before it cuts a column short of readable, in the order given", () => {
    const wide = {
      headings: ["ID", "STATUS", "CREATED", "TITLE"],
      rows: [["1", "COMPLETED", "2026-01-02", "a title of thirty characters !"]],
      flexible: 3,
      dispensable: [2, 1],
    };
    expect(tableLines(wide, 47)[0]).toBe("ID  STATUS     CREATED     TITLE");
    expect(tableLines(wide, 46)[0]).toBe("ID  STATUS     TITLE");
    expect(tableLines(wide, 35)[1]).toBe("1   COMPLETED  a title of thirty c…");
    expect(tableLines(wide, 34)).toEqual(["ID  TITLE", "1   a title of thirty characters !"]);
  });

  test("is separated by tabs, without headings, for programs", () => {
    expect(tabLines({ ...table, rows: [["1", "a\tb\nc\u001b[31m", "DONE"]] })).toEqual(["1\ta b c\tDONE"]);
  });
});

test("fields go on under their first line, and empty ones are left out", () => {
  const fields = [["id", "1"] as const, ["error", ""] as const, ["config", "{\n}"] as const];
  expect(fieldLines(fields)).toEqual(["id      1", "config  {", "        }"]);
});
