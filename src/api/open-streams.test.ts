import { OpenStreams } from "./open-streams";

it("takes streams up to its limit, refuses one more, and has room again when one ends", () => {
  const streams = new OpenStreams(2);
  const release = streams.add(() => undefined);
  streams.add(() => undefined);
  expect(() => streams.add(() => undefined)).toThrow(expect.objectContaining({ code: "RESOURCE_EXHAUSTED" }));
  release();
  expect(() => streams.add(() => undefined)).not.toThrow();
});

it("ends every stream when it shuts down, and takes no further ones", () => {
  const streams = new OpenStreams();
  const ended: string[] = [];
  streams.add(({ code }) => ended.push(`first ${code}`));
  streams.add(({ code }) => ended.push(`second ${code}`))();
  streams.shutDown();
  expect(ended).toEqual(["first UNAVAILABLE"]);
  expect(() => streams.add(() => undefined)).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
});
