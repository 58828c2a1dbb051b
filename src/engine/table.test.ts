import { fc } from "../../tests/property";
import { type Table, TableDraft, tableEntries } from "./table";

const key = fc.oneof(fc.constantFrom("a", "b", "m[3]", "__proto__", "constructor"), fc.string({ maxLength: 3 }));
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: undefined }) });

test("a table holds what a map holds, also when it was written and read again, and its draft changes no other", () => {
  fc.assert(
    fc.property(fc.array(fc.array(change)), (steps) => {
      const map = new Map<string, number>();
      let table: Table<number> = {};
      for (const changes of steps) {
        const before = JSON.stringify(table);
        const draft = new TableDraft(table);
        for (const { key, value } of changes) {
          if (value === undefined) draft.delete(key);
          else draft.set(key, value);
          if (value === undefined) map.delete(key);
          else map.set(key, value);
          expect(draft.get(key)).toBe(map.get(key));
        }
        const result = draft.result();
        expect(JSON.stringify(table)).toBe(before);
        expect(Object.fromEntries(tableEntries(result))).toEqual(Object.fromEntries(map));
        table = JSON.parse(JSON.stringify(result)) as Table<number>;
        expect(table).toEqual(result);
      }
    }),
  );
});
