import type { Check, CheckStatus } from "../../server/doctor/check";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";
import { harmlessLine } from "../output/terminal-text";

const SIGNS: Readonly<Record<CheckStatus, string>> = { ok: "ok", warn: "WARN", fail: "FAIL" };

/** All checks, and below them how to fix what is not as it should be. */
export function doctorView(checks: readonly Check[]): View {
  const table = (sign: (status: CheckStatus) => string): Table => ({
    headings: ["", "CHECK", "FOUND"],
    rows: checks.map(({ status, id, found }) => [sign(status), id, found]),
    flexible: 2,
  });
  const wrong = checks.filter(({ fix }) => fix !== undefined);
  const fixes = wrong.flatMap(({ status, id, found, fix = "" }) => [
    "",
    `${SIGNS[status]} ${id}: ${harmlessLine(found)}`,
    `     ${harmlessLine(fix)}`,
  ]);
  const failed = checks.filter(({ status }) => status === "fail").length;
  const summary = failed === 0 ? "nothing fails" : `${failed} ${failed === 1 ? "check fails" : "checks fail"}`;
  return {
    table: (width) => [
      ...tableLines(
        table((status) => SIGNS[status]),
        width,
      ),
      ...fixes,
      "",
      summary,
    ],
    plain: () => tabLines({ ...table((status) => status), rows: checks.map((check) => plainRow(check)) }),
    json: () => ({ ok: failed === 0, checks }),
  };
}

function plainRow({ id, status, found, fix = "" }: Check): readonly string[] {
  return [id, status, found, fix];
}
