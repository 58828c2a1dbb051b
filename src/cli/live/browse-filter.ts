import { parseFilter, readSelection } from "../execution/execution-selection";
import { isCliError } from "../exit-codes";

/** What is to be known of a filter of executions before the server is asked. */
export interface ReadFilter {
  /** Why it cannot be read; empty where it can. */
  readonly problem: string;
  /** Whether it says itself which statuses. */
  readonly hasStatus: boolean;
}

/** Of a text in the language of `--filter`; an empty one filters nothing. */
export function readFilter(text: string): ReadFilter {
  if (text === "") return { problem: "", hasStatus: false };
  try {
    readSelection({ filter: text });
    return { problem: "", hasStatus: parseFilter(text).status !== undefined };
  } catch (error) {
    if (!isCliError(error)) throw error;
    return { problem: [error.message, error.hint].filter(Boolean).join(". "), hasStatus: false };
  }
}
