import type { DrawnNode } from "../drawing";
import type { Size } from "../layout";
import { stateText } from "../node-state";
import { wrap } from "../one-line";
import { textWidth } from "./markup";

/** The words of a node and the room that they take. */
export interface NodeBlock extends Size {
  readonly title: readonly string[];
  readonly details: readonly string[];
  /** Empty where no execution is drawn. */
  readonly state: string;
}

export const FONT = { title: 13, small: 11.5 } as const;
export const LINE_HEIGHT = { title: 17, small: 15.5 } as const;
export const ICON_SIZE = 16;
/** Around the words; of the icon's column to their left. */
export const PADDING = { x: 14, y: 10, icon: 24 } as const;

const MAX_TITLE = { columns: 30, lines: 2 } as const;
const MAX_DETAIL_COLUMNS = 36;
const MAX_DETAILS = 4;
const MIN_WIDTH = 110;

export function nodeBlock({ title, details, state }: DrawnNode): NodeBlock {
  const titleLines = wrap(title, MAX_TITLE.columns, MAX_TITLE.lines);
  const detailLines = details.slice(0, MAX_DETAILS).flatMap((detail) => wrap(detail, MAX_DETAIL_COLUMNS, 1));
  const said = state === undefined ? "" : stateText(state);
  const smallLines = detailLines.length + (said === "" ? 0 : 1);
  const widths = [
    ...titleLines.map((line) => textWidth(line, FONT.title, true)),
    ...detailLines.map((line) => textWidth(line, FONT.small)),
    textWidth(said, FONT.small),
  ];
  return {
    title: titleLines,
    details: detailLines,
    state: said,
    width: Math.ceil(Math.max(MIN_WIDTH, ...widths.map((width) => width + PADDING.icon + 2 * PADDING.x))),
    height: 2 * PADDING.y + titleLines.length * LINE_HEIGHT.title + smallLines * LINE_HEIGHT.small,
  };
}
