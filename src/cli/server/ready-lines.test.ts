import { readyText } from "./ready-lines";

const FACTS = [
  { label: "gRPC", key: "grpc", value: "127.0.0.1:50051" },
  { label: "Web UI", key: "ui", value: null },
  { label: "Data", key: "data_dir", value: "/data" },
];

describe("what is told when a process is ready", () => {
  it("is one line of JSON for programs, with a null for what there is not", () => {
    expect(readyText("Ready.", FACTS, "Ctrl-C stops it.", "json")).toBe(
      '{"grpc":"127.0.0.1:50051","ui":null,"data_dir":"/data"}\n',
    );
  });

  it("is a line for each fact for people", () => {
    expect(readyText("Ready.", FACTS, "Ctrl-C stops it.", "plain")).toBe(
      "Ready.\n  gRPC  127.0.0.1:50051\n  Data  /data\nCtrl-C stops it.\n",
    );
  });
});
