import { OutputTail } from "./output-tail";

const tailOf = (limitBytes: number, ...chunks: readonly string[]) => {
  const tail = new OutputTail(limitBytes);
  for (const chunk of chunks) tail.push(Buffer.from(chunk, "latin1"));
  return tail;
};

test("keeps all of what fits, up to the last byte", () => {
  const tail = tailOf(4, "ab", "cd");
  expect(tail.text()).toBe("abcd");
  expect(tail.truncated).toBe(false);
});

test("keeps the end of what does not fit", () => {
  const tail = tailOf(4, "ab", "cd", "e");
  expect(tail.text()).toBe("bcde");
  expect(tail.truncated).toBe(true);
  expect(tailOf(4, "abcdefgh").text()).toBe("efgh");
});

test("starts with a whole character", () => {
  const tail = new OutputTail(4);
  tail.push(Buffer.from("a€€"));
  expect(tail.text()).toBe("€");
});

test("replaces bytes that are no UTF-8", () => {
  expect(tailOf(10, "a\xffb").text()).toBe("a\uFFFDb");
});

test("holds no more than the limit and one chunk however much it is given", () => {
  const tail = new OutputTail(1_000);
  for (let index = 0; index < 10_000; index++) tail.push(Buffer.alloc(100, index));
  expect(tail.text()).toHaveLength(1_000);
});
