import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { utf8Bytes } from "../core/json-size";

/**
 * Names whose values are taken for secrets, wherever they stand as a key: in configs, environments, headers and inputs. Compared without case
 * and without what parts words.
 */
const SECRET_NAME =
  /password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|authorization|credential|cookie|signature|bearer|^auth$|^pwd$|^pin$|^key$/;

/** A shorter text is removed at its own place only: anywhere else it may be an id or a word. */
const MIN_LENGTH_EVERYWHERE = 6;

/** `USER:PASSWORD@` in a URL. */
const URL_USERINFO = /\b[a-z][a-z0-9+.-]*:\/\/([^\s/?#@"']+)@/gi;

const WORDS = "removed-";

/**
 * Secrets, and what takes their place: a text of the same number of bytes, and the same for every occurrence, so that what was equal stays
 * equal and what was large stays large. First all values are shown to `gather`, then `remove` is used on them.
 */
export class Secrets {
  readonly #placeholders = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** How many different ones were found. */
  get count(): number {
    return this.#placeholders.size;
  }

  gather(value: JsonValue, isSecret = false): void {
    if (typeof value === "string") {
      for (const [, userinfo = ""] of value.matchAll(URL_USERINFO)) this.#note(userinfo);
      if (isSecret) for (const part of secretParts(value)) this.#note(part);
      return;
    }
    if (Array.isArray(value)) for (const item of value as readonly JsonValue[]) this.gather(item, isSecret);
    else if (isJsonObject(value))
      for (const [key, item] of Object.entries(value)) this.gather(item as JsonValue, isSecret || isSecretName(key));
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
    if (this.#placeholders.size === 0) return text;
    this.#pattern ??= new RegExp(
      this.replacements()
        .map(([secret]) => secret.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replaceAll(this.#pattern, (secret) => this.#placeholders.get(secret) ?? secret);
  }

  /** What was gathered, and what takes its place; the longest first, since one may be the beginning of another. */
  replacements(): readonly (readonly [secret: string, placeholder: string])[] {
    return [...this.#placeholders].sort(([a], [b]) => b.length - a.length);
  }

  #note(secret: string): void {
    if (secret.length < MIN_LENGTH_EVERYWHERE || isTemplate(secret) || this.#placeholders.has(secret)) return;
    const number = (this.#placeholders.size + 1).toString(36).padStart(3, "0");
    const bytes = utf8Bytes(secret) - number.length;
    this.#placeholders.set(secret, WORDS.repeat(Math.ceil(bytes / WORDS.length)).slice(0, bytes) + number);
    this.#pattern = undefined;
  }
}

/** A header's value has its scheme before it: what follows stands alone elsewhere. */
function secretParts(value: string): readonly string[] {
  const [, credentials] = /^(?:bearer|basic|token|digest) +(\S+)$/i.exec(value) ?? [];
  return credentials === undefined ? [value] : [credentials];
}

function isSecretName(key: string): boolean {
  return SECRET_NAME.test(key.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
}

/** A template is no secret; what it becomes is. Without it the definition would be another. */
function isTemplate(text: string): boolean {
  return text.includes("${{");
}
