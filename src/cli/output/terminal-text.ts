/**
 * Text from tasks, records and servers on its way to a terminal. Whatever a task prints, it must not move the cursor,
 * change the title or answer a query of the terminal: escape sequences are removed, other control characters too.
 */

/** ECMA-48: CSI, then OSC/DCS/SOS/PM/APC up to their terminator, then two-byte escapes; with 7-bit and 8-bit introducers. */
const ESCAPE_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** C0 but tab and line feed, DEL, C1, and the marks that reorder text (bidi overrides, as in CVE-2021-42574). */
const CONTROL_CHARACTER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of any number of lines, harmless in a terminal. Carriage returns go: only what follows the last one of a line stays. */
export function harmless(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, "")
    .replace(/\r+\n/g, "\n")
    .replace(/^[^\n]*\r(?=[^\n])/gm, "")
    .replace(CONTROL_CHARACTER, "");
}

/** One line: as `harmless`, with line breaks and tabs as spaces. */
export function harmlessLine(text: string): string {
  return harmless(text)
    .replace(/[\n\t]+ */g, " ")
    .trimEnd();
}

/** JSON that is harmless too: `JSON.stringify` escapes C0 but not DEL and C1, of which U+009B starts a sequence. */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(CONTROL_IN_JSON, escaped);
}

/** Line breaks between the lines of indented JSON stay. */
const CONTROL_IN_JSON = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
