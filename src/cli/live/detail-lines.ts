import { durationText } from "../../core/duration-text";
import { harmless, harmlessLine } from "../output/terminal-text";
import { dateTimeText } from "../output/time-text";
import type { Glyphs } from "./glyphs";
import type { LiveModel } from "./live-fold";
import { attemptText } from "./node-line";
import type { Row } from "./rows";
import { fitted, type Line, line, type Span, span, wrapped } from "./span";
import { NO_USAGE, usageText } from "./usage";

/** The rule above what a node says: `── build  attempt 2  1,234 tokens ─────`. */
export function ruleLine(row: Row | undefined, model: LiveModel, columns: number, glyphs: Glyphs): Line {
  const usage = usageText((row === undefined ? undefined : model.talk.get(row.instanceId)?.usage) ?? NO_USAGE);
  const title = row === undefined ? "" : ` ${harmlessLine(row.instanceId)} ${usage === "" ? "" : ` ${usage} `}`;
  return fitted(
    line(span(glyphs.rule.repeat(2), "dim"), span(title, "bold"), span(glyphs.rule.repeat(columns), "dim")),
    columns,
    true,
  );
}

export interface DetailSource {
  readonly row: Row;
  readonly model: LiveModel;
  readonly executionId: string;
  readonly columns: number;
  readonly nowMs: number;
}

/** All there is to say of a node: what it waits for or why it failed first, then what it wrote. */
export function detailLines(source: DetailSource): readonly Line[] {
  return [...standingLines(source), ...spokenLines(source)];
}

/** What fits of it: of what it wrote the end, and half of the lines at most are what it waits for. */
export function briefDetailLines(source: DetailSource, height: number): readonly Line[] {
  const spoken = spokenLines(source);
  const standing = standingLines(source).slice(0, Math.max(Math.ceil(height / 2), height - spoken.length));
  const room = height - standing.length;
  return [...standing, ...(room > 0 ? spoken.slice(-room) : [])];
}

function standingLines({ row, model, executionId, columns, nowMs }: DetailSource): readonly Line[] {
  const { instance, retry, status } = row;
  const of = (spans: readonly Span[]) => spans.map((one): Line => ({ spans: [one] }));
  const texts = (text: string, style?: Span["style"]) => of(wrapped(text, columns).map((one) => span(one, style)));
  if (status === "pending") return texts("not entered yet", "dim");
  if (retry !== null)
    return [
      ...texts(attemptText(retry.attempt, retry, nowMs), "cancelled"),
      ...texts(retry.error === "" ? "" : `the last attempt failed: ${harmless(retry.error)}`, "dim"),
    ];
  if (status === "waiting") return waitLines(row, model, executionId, texts, nowMs);
  if (status === "failed") {
    const code = instance?.code === undefined ? "" : `${harmlessLine(instance.code)}: `;
    return texts(`${code}${harmless(instance?.error ?? "failed")}`, "failed");
  }
  return [];
}

type Texts = (text: string, style?: Span["style"]) => readonly Line[];

function waitLines({ instance, instanceId }: Row, model: LiveModel, executionId: string, texts: Texts, nowMs: number) {
  const approval = model.talk.get(instanceId)?.approval;
  if (approval !== undefined) {
    const who = approval.approvers.length === 0 ? "" : `; may answer: ${approval.approvers.join(", ")}`;
    return [
      ...texts(approval.message),
      ...texts(`a answers it${approval.formSchema !== undefined ? ", with a form" : ""}${who}`, "waiting"),
    ];
  }
  const waitsFor = instance?.waitsFor ?? "";
  const [, until] = /^until (\S+)$/.exec(waitsFor) ?? [];
  if (until !== undefined)
    return texts(`until ${dateTimeText(until)}, for ${durationText(Date.parse(until) - nowMs)} more`, "waiting");
  const [, signal] = /^signal (.+)$/.exec(waitsFor) ?? [];
  if (signal === undefined) return texts(`waits for ${harmlessLine(waitsFor)}`, "waiting");
  const name = harmlessLine(signal);
  return [
    ...texts(`waits for the signal ${name}`, "waiting"),
    ...texts(`aco execution signal ${executionId} ${name} --payload JSON`, "dim"),
  ];
}

function spokenLines({ row: { instanceId, status }, model, columns }: DetailSource): readonly Line[] {
  const talk = model.talk.get(instanceId);
  if (talk === undefined) return [];
  const open = talk.open === "" ? [] : [harmlessLine(talk.open)];
  const said = [...talk.tail, ...open].map((one) => line(one));
  if (talk.output === undefined || status !== "completed") return said;
  return [...said, line(span("output", "dim")), ...wrapped(talk.output, columns).map((one) => line(one))];
}
