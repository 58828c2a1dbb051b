import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { utf8Bytes } from "../core/json-size";
import { isSecretName, secretsIn, withoutScheme } from "./secrets-in-text";

/** A shorter text is removed at its own place only: anywhere else it may be an id or a word. */
const MIN_LENGTH_EVERYWHERE = 6;

/** Where a secret stands in an expression, this is a name there too. */
const WORDS = "removed_";

/**
 * Secrets, and what takes their place: a text of the same number of bytes, and the same for every occurrence, so that what was equal stays
 * equal and what was large stays large. First all values are shown to `gather`, then `remove` is used on them.
 */
export class Secrets {
  readonly #values = new Set<string>();
  /** Found in texts. One that is a key as well is left: without it what has the key would be another. */
  readonly #inTexts = new Set<string>();
  readonly #keys = new Set<string>();
  #placeholders: ReadonlyMap<string, string> | undefined;
  #pattern: RegExp | undefined;

  /** How many different ones were found. */
  get count(): number {
    return this.#known.size;
  }

  gather(value: JsonValue, isSecret = false): void {
    if (typeof value === "string") {
      for (const each of secretsIn(value)) this.#note(each, this.#inTexts);
      if (isSecret) this.#note(withoutScheme(value), this.#values);
    } else if (Array.isArray(value)) for (const item of value as readonly JsonValue[]) this.gather(item, isSecret);
    else if (isJsonObject(value))
      for (const [key, item] of Object.entries(value)) {
        this.#keys.add(key);
        this.gather(item as JsonValue, isSecret || isSecretName(key));
      }
  }

  /** The same value without what was gathered, and without short texts and numbers under a secret's name. */
  remove(value: JsonValue, isSecret = false): JsonValue {
    if (typeof value === "string") {
      const isShort = isSecret && value.length < MIN_LENGTH_EVERYWHERE && !isTemplate(value);
      return isShort ? "*".repeat(value.length) : this.removeFrom(value);
    }
    if (typeof value === "number") return isSecret ? 0 : value;
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => this.remove(item, isSecret));
    if (!isJsonObject(value)) return value;
    const removed = Object.entries(value).map(([key, item]) => [
      this.removeFrom(key),
      this.remove(item as JsonValue, isSecret || isSecretName(key)),
    ]);
    return Object.fromEntries(removed) as JsonObject;
  }

  removeFrom(text: string): string {
    const known = this.#known;
    if (known.size === 0) return text;
    this.#pattern ??= new RegExp(
      this.replacements()
        .map(([secret]) => secret.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replaceAll(this.#pattern, (secret) => known.get(secret) ?? secret);
  }

  /** What was gathered, and what takes its place; the longest first, since one may be the beginning of another. */
  replacements(): readonly (readonly [secret: string, placeholder: string])[] {
    return [...this.#known].sort(([a], [b]) => b.length - a.length);
  }

  /** Made when it is first asked for: only then all have been gathered. */
  get #known(): ReadonlyMap<string, string> {
    this.#placeholders ??= this.#withPlaceholders();
    return this.#placeholders;
  }

  #withPlaceholders(): ReadonlyMap<string, string> {
    const inTexts = [...this.#inTexts].filter((value) => !this.#keys.has(value));
    const secrets = new Set([...this.#values, ...inTexts]);
    return new Map([...secrets].map((secret, index) => [secret, placeholderOf(secret, index + 1)]));
  }

  #note(secret: string, secrets: Set<string>): void {
    if (secret.length >= MIN_LENGTH_EVERYWHERE && !isTemplate(secret)) secrets.add(secret);
  }
}

function placeholderOf(secret: string, index: number): string {
  const number = index.toString(36).padStart(3, "0");
  const bytes = utf8Bytes(secret) - number.length;
  return WORDS.repeat(Math.ceil(bytes / WORDS.length)).slice(0, bytes) + number;
}

/** A template is no secret; what it becomes is. Without it the definition would be another. */
function isTemplate(text: string): boolean {
  return text.includes("${{");
}
