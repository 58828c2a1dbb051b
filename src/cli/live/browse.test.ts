import fc from "fast-check";
import { layoutBrowse } from "./browse-layout";
import {
  type BrowseItem,
  type BrowseList,
  type BrowseRequest,
  type BrowseUi,
  FIRST_BROWSE_UI,
  pressBrowseKey,
  shownItems,
} from "./browse-ui";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs";
import { columnsOfLine, textOfLine } from "./span";

const NOW_MS = Date.parse("2026-01-01T00:01:00Z");

function item(id: string, more: Partial<BrowseItem> = {}): BrowseItem {
  return {
    id,
    style: "running",
    cells: ["running", id, `name of ${id}`],
    detail: [`detail of ${id}`],
    executionId: id,
    ...more,
  };
}

function listOf(items: readonly BrowseItem[]): BrowseList {
  return { headings: ["STATUS", "ID", "NAME"], flexible: 2, dispensable: [1], items, total: items.length };
}

const THREE = listOf([item("a"), item("b", { isPaused: true }), item("c")]);

function typing(keys: readonly string[], list: BrowseList = THREE) {
  let ui: BrowseUi = FIRST_BROWSE_UI;
  const requests: BrowseRequest[] = [];
  for (const key of keys) {
    const answer = pressBrowseKey(ui, key, shownItems(ui, list), 10);
    ui = answer.ui;
    if (answer.request !== undefined) requests.push(answer.request);
  }
  return { ui, requests, shown: shownItems(ui, list).map(({ id }) => id) };
}

function screenOf(keys: readonly string[], size = { columns: 80, rows: 24 }): readonly string[] {
  const { ui } = typing(keys);
  const source = {
    ui,
    list: THREE,
    items: shownItems(ui, THREE),
    server: "http://s:1",
    problem: "",
    loadedAtMs: NOW_MS,
  };
  return layoutBrowse({ ...source, glyphs: UNICODE_GLYPHS }, size, NOW_MS).lines.map((one) =>
    textOfLine(one).trimEnd(),
  );
}

describe("keys", () => {
  test("go from list to list, and read each when it is shown", () => {
    expect(typing(["tab"])).toMatchObject({ ui: { tab: "approvals" }, requests: [{ type: "reload" }] });
    expect(typing(["3", "right"]).ui.tab).toBe("executions");
    expect(typing(["left"]).ui.tab).toBe("schedules");
  });

  test("open, cancel, answer, pause and start what is selected", () => {
    expect(typing(["down", "return"]).requests).toEqual([{ type: "open", executionId: "b" }]);
    expect(typing(["C"]).requests).toEqual([]);
    expect(typing(["C", "y"]).requests).toEqual([{ type: "cancel", executionId: "a" }]);
    expect(typing(["C", "x"]).requests).toEqual([]);
    expect(typing(["2", "a"]).requests.at(-1)).toMatchObject({ type: "answer", item: { id: "a" } });
    expect(typing(["3", "p"]).requests.at(-1)).toEqual({ type: "pause", scheduleId: "a" });
    expect(typing(["3", "j", "p"]).requests.at(-1)).toEqual({ type: "unpause", scheduleId: "b" });
    expect(typing(["3", "t", "y"]).requests.at(-1)).toEqual({ type: "trigger", scheduleId: "a" });
    expect(typing(["p", "t", "a"]).requests).toEqual([]);
  });

  test("filter: executions by the server, the others by what is shown", () => {
    const typed = typing(["/", ..."kind=task", "return"]);
    expect(typed.ui.places.executions.filter).toBe("kind=task");
    expect(typed.requests).toEqual([{ type: "reload" }]);
    expect(typed.shown).toEqual(["a", "b", "c"]);
    expect(typing(["3", "/", ..."OF B", "return"]).shown).toEqual(["b"]);
    expect(typing(["3", "/", "b", "return", "escape"]).shown).toEqual(["a", "b", "c"]);
    expect(typing(["/", "x", "escape"]).ui.places.executions.filter).toBe("");
    expect(typing(["f", "f"]).ui.status).toBe("failed");
  });

  test("leave", () => {
    expect(typing(["q"]).requests).toEqual([{ type: "quit" }]);
    expect(typing(["?", "q"]).requests).toEqual([]);
    expect(typing(["/", "q", "ctrl-c"]).requests).toEqual([{ type: "quit" }]);
    expect(typing(["return"], listOf([])).requests).toEqual([]);
  });
});

describe("the screen", () => {
  test("shows the list, and more of what is selected", () => {
    const lines = screenOf(["down"]);
    expect(lines[0]).toMatch(/^\[1 Executions\] {2}2 Approvals {3}3 Schedules +http:\/\/s:1$/);
    expect(lines[1]).toBe("3");
    expect(lines[2]).toBe("   STATUS   ID  NAME");
    expect(lines[4]).toBe("›● running  b   name of b");
    expect(lines).toContain("detail of b");
    expect(lines.at(-1)).toContain("? help  q quit");
  });

  test("asks in its last line", () => {
    expect(screenOf(["C"]).at(-1)).toBe("cancel a? y yes  any other key no");
    expect(screenOf(["/", "x"]).at(-1)).toMatch(/^\/x_/);
  });

  test("is never wider or taller than the terminal", () => {
    const anyItem = fc
      .record({
        id: fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
        text: fc.string({ unit: "grapheme", maxLength: 90 }),
      })
      .map(({ id, text }) => item(id, { cells: [text, id, `漢${text}`], detail: [text, "a\nb", text] }));
    const anyKey = fc.constantFrom("down", "up", "end", "tab", "3", "/", "x", "return", "escape", "?", "f", "C", "p");
    const size = fc.record({ columns: fc.integer({ min: 0, max: 120 }), rows: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(
        fc.array(anyItem, { maxLength: 50 }),
        fc.array(anyKey, { maxLength: 8 }),
        size,
        fc.string(),
        fc.boolean(),
        (items, keys, { columns, rows }, problem, isAscii) => {
          const list = listOf(items);
          const { ui } = typing(keys, list);
          const glyphs = isAscii ? ASCII_GLYPHS : UNICODE_GLYPHS;
          const source = {
            ui,
            list,
            items: shownItems(ui, list),
            server: "http://s:1",
            problem,
            loadedAtMs: 0,
            glyphs,
          };
          const { lines } = layoutBrowse(source, { columns, rows }, NOW_MS);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const one of lines) expect(columnsOfLine(one)).toBeLessThanOrEqual(columns);
          for (const one of lines) expect(textOfLine(one)).not.toContain("\n");
        },
      ),
    );
  });
});
