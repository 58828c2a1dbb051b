import type { NodeStatus } from "./node-state";

export interface Tint {
  readonly fill: string;
  readonly line: string;
}

/** GitHub Primer's functional colours: each line has a contrast of at least 4.5 to 1 on its fill and on the page. */
export const LIGHT_TINTS: Readonly<Record<NodeStatus, Tint>> = {
  pending: { fill: "#f6f8fa", line: "#59636e" },
  running: { fill: "#ddf4ff", line: "#0969da" },
  completed: { fill: "#dafbe1", line: "#1a7f37" },
  failed: { fill: "#ffebe9", line: "#cf222e" },
  skipped: { fill: "#f6f8fa", line: "#59636e" },
  cancelled: { fill: "#fff8c5", line: "#9a6700" },
};

export const DARK_TINTS: Readonly<Record<NodeStatus, Tint>> = {
  pending: { fill: "#151b23", line: "#9198a1" },
  running: { fill: "#121d2f", line: "#58a6ff" },
  completed: { fill: "#12261e", line: "#3fb950" },
  failed: { fill: "#25171c", line: "#f85149" },
  skipped: { fill: "#151b23", line: "#9198a1" },
  cancelled: { fill: "#272115", line: "#d29922" },
};

/** Black and white of the same family. */
export const INK = { light: "#1f2328", dark: "#f0f6fc" } as const;
