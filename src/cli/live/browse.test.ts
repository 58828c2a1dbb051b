import { fc } from "../../../tests/property";
import { layoutBrowse } from "./browse-layout";
import {
  answeredList,
  type BrowseItem,
  type BrowseList,
  type BrowseRequest,
  type BrowseUi,
  FIRST_BROWSE_UI,
  pressBrowseKey,
  serverFilter,
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
  return {
    headings: ["STATUS", "ID", "NAME"],
    flexible: 2,
    dispensable: [1],
    items,
    filteredBy: "",
    total: items.length,
  };
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

function screenOf(keys: readonly string[], size = { columns: 80, rows: 24 }, problem = ""): readonly string[] {
  const { ui } = typing(keys);
  const list = answeredList(ui, THREE);
  const source = {
    ui,
    list,
    items: list === null ? [] : shownItems(ui, list),
    server: "http://s:1",
    problem,
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

  test("keep a filter that cannot be read as a draft, and say why", () => {
    for (const [filter, reason] of [
      ["status=bogus", /^--status .*bogus/],
      ["colour=foo", /^--filter does not know "colour="\. It is made of .*status=/],
      ["of=", /^--filter cannot be read/],
    ] as const) {
      const { ui, requests } = typing(["/", ...filter, "return"]);
      expect(ui).toMatchObject({ draft: filter, notice: expect.stringMatching(reason) });
      expect(ui.places.executions.filter).toBe("");
      expect(requests).toEqual([]);
    }
    const mended = typing(["/", ..."status=failedx", "return", "backspace", "return"]);
    expect(mended.ui).toMatchObject({ draft: null, notice: "", places: { executions: { filter: "status=failed" } } });
    expect(typing(["3", "/", ..."colour=foo", "return"]).ui.places.schedules.filter).toBe("colour=foo");
  });

  test("say the status in one way: the filter's goes before that of f", () => {
    expect(typing(["f", "/", ..."kind=task", "return"]).ui.status).toBe("running");
    const both = typing(["f", "/", ..."status=failed", "return"]).ui;
    expect([both.status, serverFilter(both)]).toEqual(["", "status=failed"]);
    const { ui, requests } = typing(["/", ..."status=failed", "return", "f"]);
    expect(ui).toMatchObject({ status: "", notice: expect.stringContaining("the filter says which status") });
    expect(requests).toHaveLength(1);
  });

  test("find nothing selected until the list of the new filter is there", () => {
    const { ui } = typing(["/", ..."kind=task", "return"]);
    expect(answeredList(ui, THREE)).toBeNull();
    expect(answeredList(ui, { ...THREE, filteredBy: "kind=task" })?.total).toBe(3);
    expect(answeredList({ ...ui, tab: "schedules" }, THREE)?.total).toBe(3);
    expect(answeredList(ui, undefined)).toBeNull();
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

  test("has a line for what is wrong with the list, however long and however little room there is", () => {
    const problem = `the server ${"went away ".repeat(20)}`;
    for (const size of [
      { columns: 90, rows: 9 },
      { columns: 20, rows: 4 },
    ]) {
      const lines = screenOf([], size, problem);
      expect(lines[1]).toBe("3");
      expect(lines[2]).toMatch(/^as of 0ms ago: t.*…$/);
    }
    expect(screenOf([], { columns: 90, rows: 9 }, problem).filter((one) => one.includes("name of"))).toHaveLength(3);
  });

  test("shows no items under a filter that was not applied to them", () => {
    const filtered = ["/", ..."kind=task", "return"];
    expect(screenOf(filtered)).toEqual(expect.arrayContaining(["reading ...  kind=task"]));
    const lines = screenOf(filtered, { columns: 80, rows: 24 }, "INVALID_ARGUMENT");
    expect(lines.slice(1, 3)).toEqual(["not read  kind=task", "INVALID_ARGUMENT"]);
    for (const one of [...screenOf(filtered), ...lines]) expect(one).not.toContain("name of");
  });

  test("says beside a draft why it is no filter, until a key is pressed", () => {
    const refused = ["/", ..."status=bogus", "return"];
    const lines = screenOf(refused, { columns: 60, rows: 9 });
    expect(lines[2]).toMatch(/^--status must be .*…$/);
    expect(lines.at(-1)).toMatch(/^\/status=bogus_/);
    expect(screenOf([...refused, "x"]).join("\n")).not.toContain("--status");
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
