import type { JsonObject } from "../../src/core/json";
import { formFields } from "../../src/definition/form-fields";
import { readForm } from "./read-form";

const schema: JsonObject = {
  type: "object",
  required: ["version", "count"],
  properties: {
    version: { type: "string" },
    count: { type: "integer" },
    notify: { type: "boolean" },
    tags: { type: "array", items: { enum: ["a", "b"] } },
    extra: {},
  },
};
const fields = formFields(schema);

describe("a form of the page", () => {
  it("is read by the kinds of its fields, and leaves out what is empty and may be", () => {
    expect(readForm(fields, ["v1", "3", "true", "a,b", '{"x":1}'], true).form).toEqual({
      version: "v1",
      count: 3,
      notify: true,
      tags: ["a", "b"],
      extra: { x: 1 },
    });
    expect(readForm(fields, ["v1", "3", "", "", ""], true)).toEqual({
      form: { version: "v1", count: 3 },
      problems: [null, null, null, null, null],
    });
  });

  it("says of each field what is wrong with it", () => {
    expect(readForm(fields, ["", "many", "perhaps", "c", "{"], true).problems).toEqual([
      null,
      "must be a whole number",
      "must be true or false",
      "must be some of the choices, with commas between them",
      "must be JSON",
    ]);
    expect(readForm(fields, ["v1", " ", "", "", ""], true).problems[1]).toBe("is required");
  });

  it("may be left empty by who says no", () => {
    expect(readForm(fields, ["", "", "", "", ""], false)).toEqual({ problems: [null, null, null, null, null] });
    expect(readForm([], [], true)).toEqual({ problems: [] });
  });
});
