import { checkInputTemplate, renderScheduledInput } from "./input-template";

const schedule = { id: "nightly", time: "2027-03-28T01:30:00.000Z" };

it("puts the time and the id into texts, and leaves the rest as it is", () => {
  const template = {
    day: "${{ schedule.time.split('T')[0] }}",
    by: "schedule ${{ schedule.id }}",
    year: "${{ timestamp(schedule.time).getFullYear() }}",
    kept: ["$${{ x }}", 1, null, true],
  };
  expect(checkInputTemplate(template)).toEqual([]);
  expect(renderScheduledInput(template, schedule)).toEqual({
    ok: true,
    value: { day: "2027-03-28", by: "schedule nightly", year: 2027, kept: ["${{ x }}", 1, null, true] },
  });
});

it("finds every expression that cannot be used", () => {
  const template = { "a/b": "${{ input.n }}", c: ["${{ schedule.tim }}", "${{ 1 + }}", "${{ nope() }}"], d: "${{ x" };
  expect(checkInputTemplate(template).map(({ code, pointer }) => [code, pointer])).toEqual([
    ["EXPRESSION_NAME", "/a~1b"],
    ["EXPRESSION_FAILED", "/c/0"],
    ["EXPRESSION_SYNTAX", "/c/1"],
    ["EXPRESSION_NAME", "/c/2"],
    ["TEMPLATE_SYNTAX", "/d"],
  ]);
});
