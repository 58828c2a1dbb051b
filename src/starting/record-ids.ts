import { parseTaskId } from "../core/ids";

/** Whether the text has the form of an id, of whatever record; definitions may name anything. */
export function isRecordId(text: string): boolean {
  try {
    parseTaskId(text);
    return true;
  } catch {
    return false;
  }
}
