import { cut } from "../core/text-columns";
import type { DrawnNode } from "./drawing";
import { stateMark, stateText } from "./node-state";

/** Longer texts of users are cut: a drawing shows what there is, the definition has it in full. */
const MAX_COLUMNS = 48;
const MAX_DETAILS = 4;

/** What Mermaid and Graphviz show of a node: title, id where the title is another, details, state. */
export function nodeLines({ id, title, details, state }: DrawnNode): readonly string[] {
  return [
    title === id ? title : `${title} (${id})`,
    ...details.slice(0, MAX_DETAILS),
    ...(state === undefined ? [] : [`${stateMark(state.status)} ${stateText(state)}`]),
  ].map((line) => cut(line, MAX_COLUMNS));
}

/** The same in one line: title, what it goes over, state. */
export function frameLine({ title, details, state }: DrawnNode): string {
  const first = cut([title, ...details.slice(0, 1)].join(", "), MAX_COLUMNS);
  return state === undefined ? first : `${first}, ${stateMark(state.status)} ${stateText(state)}`;
}

export function edgeLine(label: string): string {
  return cut(label, MAX_COLUMNS);
}
