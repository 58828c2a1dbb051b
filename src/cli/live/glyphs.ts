import type { RowStatus } from "./rows";

/** The signs of the live view, for terminals that show more than ASCII and for those that do not. */
export interface Glyphs {
  readonly states: Readonly<Record<RowStatus, string>>;
  /** Frames; one a redraw. */
  readonly spinner: readonly string[];
  readonly folded: string;
  readonly unfolded: string;
  readonly rule: string;
  readonly selected: string;
}

export const UNICODE_GLYPHS: Glyphs = {
  states: {
    pending: "○",
    running: "●",
    waiting: "◆",
    completed: "✓",
    failed: "✗",
    skipped: "–",
    cancelled: "■",
  },
  spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
  folded: "▸",
  unfolded: "▾",
  rule: "─",
  selected: "›",
};

export const ASCII_GLYPHS: Glyphs = {
  states: { pending: ".", running: "*", waiting: "?", completed: "+", failed: "x", skipped: "-", cancelled: "#" },
  spinner: ["|", "/", "-", "\\"],
  folded: ">",
  unfolded: "v",
  rule: "-",
  selected: ">",
};
