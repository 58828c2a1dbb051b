import { isUtf8Locale } from "./locale";

test("takes the first variable that is set, as POSIX has it", () => {
  expect(isUtf8Locale({ LANG: "en_GB.UTF-8" }, "linux")).toBe(true);
  expect(isUtf8Locale({ LANG: "de_DE.utf8", LC_ALL: "" }, "linux")).toBe(true);
  expect(isUtf8Locale({ LANG: "en_GB.UTF-8", LC_ALL: "C" }, "linux")).toBe(false);
  expect(isUtf8Locale({ LANG: "C", LC_CTYPE: "C.UTF-8" }, "darwin")).toBe(true);
  expect(isUtf8Locale({}, "linux")).toBe(false);
  expect(isUtf8Locale({}, "win32")).toBe(true);
});
