import { type FieldViolation, invalidArgument, OrchestratorError } from "../../core/errors";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { Problem } from "../../definition/graph-types";
import { MAX_NESTING } from "../../definition/limits";
import { violationsOf } from "../../starting/refused-problems";
import { findJsonDefect } from "./json-defect";

/** Printable ASCII: what gRPC metadata carries unchanged. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Gathers everything that is wrong with one request, so that the client hears of all of it at once. Each method returns
 * the checked value, or a stand-in when it noted a violation; nothing may be done with the values before `finish`.
 */
export class RequestCheck {
  readonly #violations: FieldViolation[] = [];

  /** `reason`: a code for programs. */
  add(field: string, description: string, reason?: string): void {
    this.#violations.push({ field, description, ...(reason === undefined ? {} : { reason }) });
  }

  /** Notes what the definition's parsers found in the JSON of `field`. */
  addProblems(field: string, problems: readonly Problem[]): void {
    this.#violations.push(...violationsOf(field, problems));
  }

  /** Text of at most `maxLength` UTF-16 units; may be empty. */
  text(field: string, value: string, maxLength: number): string {
    if (value.length > maxLength) this.add(field, `must have at most ${maxLength} characters; has ${value.length}`);
    // PostgreSQL's text cannot hold it, so no store may.
    else if (value.includes("\0")) this.add(field, "must not contain the NUL character");
    return value;
  }

  /** As `text`, with something in it. */
  requiredText(field: string, value: string, maxLength: number): string {
    if (value.trim() === "") this.add(field, "is required and must not be blank");
    return this.text(field, value, maxLength);
  }

  /** As `text`; an absent field stays absent. */
  optionalText(field: string, value: string | undefined, maxLength: number): string | undefined {
    return value === undefined ? undefined : this.text(field, value, maxLength);
  }

  /** A name that the client gave a request, so that it can send it again. */
  key(field: string, value: string, maxLength: number): string {
    if (!PRINTABLE.test(value)) this.add(field, "must be printable ASCII and not empty");
    return this.text(field, value, maxLength);
  }

  /** Throws RESOURCE_EXHAUSTED at once for more than `maxBytes`: it would be a waste to look further. */
  json(field: string, text: string, maxBytes: number): JsonValue {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) {
      const description = `must have at most ${maxBytes} bytes; has ${bytes}`;
      throw new OrchestratorError("RESOURCE_EXHAUSTED", `${field}: ${description}`, {
        violations: [{ field, description }],
      });
    }
    let value: JsonValue;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.add(field, text.trim() === "" ? "must be JSON; is empty" : `is not valid JSON: ${(error as Error).message}`);
      return null;
    }
    const defect = findJsonDefect(value, MAX_NESTING);
    if (defect !== undefined) this.add(`${field}${defect.pointer}`, defect.message);
    return value;
  }

  jsonObject(field: string, text: string, maxBytes: number): JsonObject {
    const before = this.#violations.length;
    const value = this.json(field, text, maxBytes);
    if (isJsonObject(value)) return value;
    if (this.#violations.length === before) this.add(field, `must be a JSON object; is ${describeKind(value)}`);
    return {};
  }

  /** Whether something is wrong with `field` or inside its JSON. */
  mentions(field: string): boolean {
    return this.#violations.some((violation) => violation.field.split("/")[0] === field);
  }

  /** Throws INVALID_ARGUMENT with all violations, if there are any. */
  finish(): void {
    if (this.#violations.length > 0) throw invalidArgument(this.#violations);
  }
}

function describeKind(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
