import { parseWaitsFor, waitsForText, waitsForTexts } from "./waits-for";

it("says all that a run waits for in one order, and nothing where it waits for nothing", () => {
  expect(waitsForText(new Set())).toBeNull();
  expect(waitsForText(new Set(["timer", "approval"]))).toBe("approval+timer");
  expect([...parseWaitsFor("approval+timer")]).toEqual(["approval", "timer"]);
  expect([...parseWaitsFor(null)]).toEqual([]);
  expect([...parseWaitsFor("weather+signal")]).toEqual(["signal"]);
});

it("finds a kind in every value that has it, beside any others", () => {
  const texts = waitsForTexts(["signal"]);
  expect(texts).toHaveLength(16);
  expect(texts).toEqual(expect.arrayContaining(["signal", "approval+signal", "approval+signal+timer+pause+turn"]));
  expect(texts.every((text) => parseWaitsFor(text).has("signal"))).toBe(true);
  expect(waitsForTexts(["signal", "timer"])).toHaveLength(24);
  expect(waitsForTexts([])).toEqual([]);
});
