import * as prompts from "@clack/prompts";
import type { JsonValue } from "../../core/json";
import { choiceText, type FormField, formFields, valueAt, withValue } from "../../definition/form-fields";
import { checkAgainstSchema } from "../../definition/json-schema";
import { type CliError, EXIT_CODES, CliError as Failure } from "../exit-codes";
import { harmlessLine } from "../output/terminal-text";
import { parseField } from "./form-fields";

/** Questions go to standard error: standard output is for the result. */
const OUTPUT = { output: process.stderr } as const;

/** Whether somebody is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** What stands above the questions. */
export function showNote(text: string, title: string): void {
  prompts.note(text, harmlessLine(title), OUTPUT);
}

export function showProblem(text: string): void {
  prompts.log.error(text, OUTPUT);
}

/** One of several; `labels` are shown. */
export async function askOne<Value>(
  message: string,
  options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[],
): Promise<Value> {
  const shown = options.map(({ label, hint }, index) => ({
    value: index,
    label: harmlessLine(label),
    ...(hint === undefined ? {} : { hint: harmlessLine(hint) }),
  }));
  const index = answered(await prompts.select({ ...OUTPUT, message, options: shown, maxItems: 15 }));
  const chosen = options[index];
  if (chosen === undefined) throw new Error("none of the choices was chosen");
  return chosen.value;
}

/** Text; empty where nothing was typed. */
export async function askText(message: string): Promise<string> {
  return answered(await prompts.text({ ...OUTPUT, message })) ?? "";
}

/** Asks for what `given` lacks, field by field, until the whole matches the schema. */
export async function askForm(
  schema: Parameters<typeof formFields>[0],
  given: JsonValue | undefined,
): Promise<JsonValue> {
  const fields = formFields(schema);
  let form: JsonValue = given ?? {};
  for (const field of fields)
    if (valueAt(given, field.path) === undefined || field.path.length === 0) form = await askField(field, form);
  for (;;) {
    const problems = checkAgainstSchema(schema, form);
    if (problems.length === 0) return form;
    showProblem(
      problems.map(({ pointer, message }) => `${pointer === "" ? "the form" : pointer}: ${message}`).join("\n"),
    );
    const wrong = fields.filter(({ path }) =>
      problems.some(({ pointer }) => `${pointer}/`.startsWith(`/${path.join("/")}/`) || path.length === 0),
    );
    for (const field of wrong.length === 0 ? fields : wrong) form = await askField(field, form);
  }
}

async function askField(field: FormField, form: JsonValue): Promise<JsonValue> {
  const value = await askValue(field, valueAt(form, field.path));
  return value === undefined ? form : withValue(form, field.path, value);
}

/** Undefined where an optional field is left out. */
async function askValue(field: FormField, previous: JsonValue | undefined): Promise<JsonValue | undefined> {
  const message = questionOf(field);
  const initial = previous ?? field.fallback;
  switch (field.kind) {
    case "choice":
    case "boolean":
      return await choose(field, message, field.kind === "boolean" ? [true, false] : field.choices, initial);
    case "choices":
      return await chooseSome(field, message, initial);
    case "integer":
    case "number":
    case "string":
    case "json":
      return await type(field, message, initial);
  }
}

async function choose(
  { required, kind }: FormField,
  message: string,
  choices: readonly JsonValue[],
  initial: JsonValue | undefined,
): Promise<JsonValue | undefined> {
  const label = (choice: JsonValue) =>
    kind === "boolean" ? (choice === true ? "yes" : "no") : harmlessLine(choiceText(choice));
  const options = choices.map((choice, index) => ({ value: index, label: label(choice) }));
  const leave = required ? [] : [{ value: -1, label: "(leave out)" }];
  const start = choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(initial));
  const initialValue = start >= 0 ? start : required ? 0 : -1;
  const all = [...options, ...leave];
  return choices[answered(await prompts.select({ ...OUTPUT, message, options: all, initialValue, maxItems: 15 }))];
}

async function chooseSome(
  { choices, required }: FormField,
  message: string,
  initial: JsonValue | undefined,
): Promise<JsonValue | undefined> {
  const options = choices.map((choice, index) => ({ value: index, label: harmlessLine(choiceText(choice)) }));
  const chosen = new Set((Array.isArray(initial) ? initial : []).map((one) => JSON.stringify(one)));
  const initialValues = [...choices.keys()].filter((index) => chosen.has(JSON.stringify(choices[index])));
  const some = await prompts.multiselect({ ...OUTPUT, message, options, initialValues, required: false });
  const values = answered(some).map((index) => choices[index] ?? null);
  return values.length === 0 && !required ? undefined : values;
}

async function type(field: FormField, message: string, initial: JsonValue | undefined): Promise<JsonValue | undefined> {
  const isLeftOut = (text: string | undefined) => (text ?? "") === "" && !field.required && field.kind !== "json";
  const isNothing = (text: string | undefined) => (text ?? "").trim() === "" && !field.required;
  const text = await prompts.text({
    ...OUTPUT,
    message,
    ...(initial === undefined
      ? {}
      : { initialValue: field.kind === "json" ? JSON.stringify(initial) : choiceText(initial) }),
    validate: (typed) => {
      if (isLeftOut(typed) || isNothing(typed)) return undefined;
      const parsed = parseField(field, typed ?? "");
      return parsed.ok ? undefined : parsed.message;
    },
  });
  const typed = answered(text) ?? "";
  if (isLeftOut(typed) || isNothing(typed)) return undefined;
  const parsed = parseField(field, typed);
  return parsed.ok ? parsed.value : undefined;
}

function questionOf({ path, text, required, kind }: FormField): string {
  const name = path.length === 0 ? "the form" : path.join(".");
  const notes = [
    kind === "json" ? "JSON" : "",
    kind === "integer" || kind === "number" ? kind : "",
    required ? "" : "optional",
  ];
  const noted = notes.filter(Boolean).join(", ");
  return harmlessLine(`${name}${text === "" ? "" : ` - ${text}`}${noted === "" ? "" : ` (${noted})`}`);
}

/** Escape and Ctrl-C end the command; nothing has been sent. */
function answered<Value>(value: Value): Exclude<Value, symbol> {
  if (typeof value === "symbol") throw withdrawn();
  return value as Exclude<Value, symbol>;
}

function withdrawn(): CliError {
  return new Failure(EXIT_CODES.detached, "nothing was sent; the execution goes on waiting");
}
