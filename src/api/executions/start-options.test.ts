import { Metadata } from "@grpc/grpc-js";
import { invalidArgument, isOrchestratorError } from "../../core/errors";
import { decodeStartOptions } from "./start-options";

function metadata(...pairs: readonly (readonly [string, string | Buffer])[]): Metadata {
  const made = new Metadata();
  for (const [key, value] of pairs) made.add(key, value);
  return made;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (isOrchestratorError(error) && error.code === invalidArgument([]).code) return error.message;
  }
  throw new Error("was not refused");
}

test("has nothing where nothing was sent", () => {
  expect(decodeStartOptions(metadata())).toEqual({});
});

test("reads labels from several values, from one with commas, and from the binary form", () => {
  const sent = metadata(
    ["aco-label", "team=web, tier=1"],
    ["aco-label", "a/b.c_d-e=x=y"],
    ["aco-label", "empty="],
    ["aco-label", "team=web"],
    ["aco-label-bin", Buffer.from("stadt=Köln, am Rhein")],
    ["aco-display-name-bin", Buffer.from("Prüfung")],
  );
  expect(decodeStartOptions(sent)).toEqual({
    labels: { team: "web", tier: "1", "a/b.c_d-e": "x=y", empty: "", stadt: "Köln, am Rhein" },
    displayName: "Prüfung",
  });
});

test.each([
  [metadata(["aco-label", "team"]), 'aco-label: must be key=value; got "team"'],
  [metadata(["aco-label", ""]), "aco-label: must be key=value"],
  [metadata(["aco-label", "=web"]), "aco-label: must have a key of 1 to 63"],
  [metadata(["aco-label", "te am=web"]), "aco-label: must have a key of 1 to 63"],
  [metadata(["aco-label", "__proto__=web"]), "aco-label: must have a key of 1 to 63"],
  [metadata(["aco-label", `${"k".repeat(64)}=web`]), "aco-label: must have a key of 1 to 63"],
  [metadata(["aco-label", `k=${"v".repeat(257)}`]), "aco-label: must have at most 256 characters; has 257"],
  [metadata(["aco-label", "team=web,team=ops"]), 'aco-label: must give a key one value; team has "web" and "ops"'],
  [metadata(["aco-label", Array.from({ length: 33 }, (_, n) => `k${n}=v`).join(",")]), "must be at most 32 labels"],
  [metadata(["aco-label-bin", Buffer.from([0xff])]), "aco-label-bin: must be UTF-8"],
  [metadata(["aco-label-bin", Buffer.from("k=\0")]), "aco-label: must not contain the NUL character"],
  [metadata(["aco-display-name", " "]), "aco-display-name: is required and must not be blank"],
  [metadata(["aco-display-name", "a"], ["aco-display-name", "b"]), "aco-display-name: must come once"],
  [metadata(["aco-display-name", "n".repeat(256)]), "aco-display-name: must have at most 255 characters"],
])("refuses what is wrong, and says what: %#", (sent, message) => {
  expect(refusal(() => decodeStartOptions(sent))).toContain(message);
});

test("takes 32 labels, of 63 and 256 characters", () => {
  const labels = Array.from({ length: 32 }, (_, n) => `${String(n).padStart(63, "k")}=${"v".repeat(256)}`);
  expect(Object.keys(decodeStartOptions(metadata(["aco-label", labels.join(",")])).labels ?? {})).toHaveLength(32);
});
