import { Worker } from "@temporalio/worker";
import { silentLogger } from "../../src/core/logger";
import { createRecordSinks } from "../../src/temporal/record-sinks";
import { workflowBundle } from "../../src/temporal/workflow-bundle";
import { ENGINE_VERSION } from "../../src/workflows/history-contract";
import { historyOf, projectHistory, type Recording, readRecordings } from "./recording";
import { SCENARIOS } from "./scenarios";

const recordings = readRecordings();

/** A replay writes no records. */
const unused = async () => undefined;
const sinks = createRecordSinks({ started: unused, ended: unused }, silentLogger);

async function replay(recording: Recording): Promise<void> {
  const options = { workflowBundle: await workflowBundle(), sinks };
  await Worker.runReplayHistory(options, historyOf(recording), recording.workflowId);
}

/** A recording of the present engine. */
function recordingOf(name: string): Recording {
  const found = recordings.find(([file]) => file === `v${ENGINE_VERSION}/${name}`);
  if (found === undefined) throw new Error(`no recording ${name}; see record.ts`);
  return found[1];
}

test("every scenario has a recording", () => {
  const names = recordings.map(([file]) => file);
  expect(names).toEqual(expect.arrayContaining(Object.keys(SCENARIOS).map((name) => `v${ENGINE_VERSION}/${name}`)));
});

test.each(recordings)("%s replays on the present code", async (_, recording) => {
  await replay(recording);
});

test.each(recordings)("%s still makes the same stream, offsets and all", (_, recording) => {
  expect(projectHistory(recording.runId, historyOf(recording))).toEqual(recording.events);
});

test("a changed order of commands makes the replay fail", async () => {
  const { history, ...recording } = recordingOf("graph-parallel-join");
  const changed = JSON.stringify(history).replace(/"data":"([^"]+)"/, (whole, data: string) => {
    const input = JSON.parse(Buffer.from(data, "base64").toString());
    // The engine starts nodes in the order of the edges that lead to them, so this run would start c before b.
    input.snapshot.definition.edges.reverse();
    return whole.replace(data, Buffer.from(JSON.stringify(input)).toString("base64"));
  });
  await expect(replay({ ...recording, history: JSON.parse(changed) })).rejects.toThrow(/[Nn]ondeterminism|TMPRL1100/);
});
