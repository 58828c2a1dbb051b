import { instanceId } from "./instance-id";

test.each([
  ["", "b"],
  ["[3]", "b[3]"],
  ["#1", "b"],
  ["#2", "b#2"],
  ["#10", "b#10"],
  ["#1#2", "b#1#2"],
  ["#1#1[3]", "b[3]"],
  ["#2[3]#1", "b#2[3]#1"],
])("a node with the suffix %s is %s", (suffix, id) => {
  expect(instanceId("b", suffix)).toBe(id);
});
