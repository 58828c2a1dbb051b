import path from "node:path";
import { processEnvironment, readClientConfig } from "../../config";
import { assertNever } from "../../core/assert-never";
import { durationText } from "../../core/duration-text";
import type { JsonObject } from "../../core/json";
import { renderDot } from "../../drawing/dot";
import type { Drawing } from "../../drawing/drawing";
import { openLayout } from "../../drawing/layout";
import { renderMermaid } from "../../drawing/mermaid";
import { type DrawingOptions, readDrawing } from "../../drawing/read-drawing";
import { sumUp } from "../../drawing/sum-up";
import { renderSvg } from "../../drawing/svg/render-svg";
import { renderText } from "../../drawing/text/render-text";
import type { FoldedEvents } from "../../events/fold-events";
import { withSession } from "../connection/client-session";
import { executionOf, readEventsSoFar, storedDefinition } from "../execution/execution-graph";
import { usageError } from "../exit-codes";
import { isUtf8Locale } from "../output/locale";
import { DEFAULT_WIDTH, isStandardOutput, writeText } from "../output/output";
import { readWorkflowFile } from "./definition-file";
import type { GraphFormat, GraphOptions } from "./graph-command";
import { isWorkflowId } from "./workflow-source";

interface GraphSource {
  readonly name: string;
  readonly definition: JsonObject;
}

export async function graphWorkflow(source: string | undefined, options: GraphOptions): Promise<void> {
  const format = formatOf(options);
  const drawing = await readGraph(source, options);
  writeText(await render(drawing, format, options), options.output);
}

/** From the server only what cannot be had without it. */
async function readGraph(source: string | undefined, options: GraphOptions): Promise<Drawing> {
  const { execution } = options;
  const file = source !== undefined && !isWorkflowId(source) ? await readFile(source) : undefined;
  if (execution === undefined) {
    if (source === undefined) throw usageError("nothing to draw", "Give a file, a workflow's id or --execution ID.");
    if (file !== undefined) return drawingOf(file, source, {});
    return withSession(options, async ({ connection }) =>
      drawingOf(await storedDefinition(connection, source), source, {}),
    );
  }
  return withSession(options, async ({ connection }) => {
    const record = await executionOf(connection, execution);
    const drawn = file ?? (await storedDefinition(connection, source ?? record.subjectId, record));
    const events = await readEventsSoFar(connection, record);
    const nowMs = Date.now();
    const plain = drawingOf(drawn, source ?? execution, {});
    const subtitle = `execution ${execution}, ${standing(events, nowMs)}`;
    return drawingOf(drawn, source ?? execution, { subtitle, states: sumUp(plain, events, nowMs) });
  });
}

async function readFile(file: string): Promise<GraphSource> {
  const { name, definition } = await readWorkflowFile(file, "Only workflows have a graph.");
  return { name, definition };
}

function drawingOf({ name, definition }: GraphSource, source: string, options: Omit<DrawingOptions, "title">): Drawing {
  const drawing = readDrawing(definition, { ...options, title: name });
  if (drawing.ok) return drawing.value;
  const hint = "All that is wrong with a file says: aco workflow validate FILE";
  throw usageError(`${source} cannot be drawn\n${drawing.error.slice(0, 20).join("\n")}`, hint);
}

function standing({ startedAtMs, end }: FoldedEvents, nowMs: number): string {
  if (startedAtMs === null) return "not started";
  const took = durationText((end?.atMs ?? nowMs) - startedAtMs);
  if (end === null) return `running for ${took}`;
  const { code, node_id } = end.event.data;
  if (end.status !== "failed") return `${end.status} ${end.status === "completed" ? "in" : "after"} ${took}`;
  return `failed${node_id === undefined ? "" : ` at ${String(node_id)}`} after ${took}: ${String(code)}`;
}

const EXTENSIONS: Readonly<Record<string, GraphFormat>> = {
  ".svg": "svg",
  ".dot": "dot",
  ".gv": "dot",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
};

function formatOf({ as, output }: GraphOptions): GraphFormat {
  return as ?? EXTENSIONS[path.extname(output ?? "").toLowerCase()] ?? "text";
}

async function render(drawing: Drawing, format: GraphFormat, options: GraphOptions): Promise<string> {
  switch (format) {
    case "mermaid":
      return renderMermaid(drawing);
    case "dot":
      return renderDot(drawing);
    case "svg":
      return renderSvg(drawing, await openLayout());
    case "text":
      return `${renderText(drawing, terminal(options), await openLayout()).join("\n")}\n`;
    default:
      return assertNever(format, "format");
  }
}

/** A file or a pipe is as wide as it needs to be; a file is in UTF-8. */
function terminal(options: GraphOptions) {
  const { stdout } = process;
  if (!isStandardOutput(options.output)) return { width: Number.POSITIVE_INFINITY, hasColor: false, isAscii: false };
  return {
    width: stdout.isTTY === true ? stdout.columns || DEFAULT_WIDTH : Number.POSITIVE_INFINITY,
    hasColor: readClientConfig(options).color,
    isAscii: !isUtf8Locale(processEnvironment(), process.platform),
  };
}
