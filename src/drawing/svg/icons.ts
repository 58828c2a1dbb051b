import type { DrawnKind } from "../drawing";
import type { NodeStatus } from "../node-state";

/** Lines on a square of 16, one for each kind of node. */
export const KIND_ICONS: Readonly<Record<DrawnKind, string>> = {
  task: "M3 4l4 4-4 4M9 12h4.5",
  transform: "M2 5h11M10 2l3 3-3 3M14 11H3M6 8l-3 3 3 3",
  switch: "M8 14.5V9L3 4M8 9l5-5M3 7.5V4h3.5M9.5 4H13v3.5",
  map: "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
  loop: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V5H10",
  workflow: "M2 2h6v4H2zM8.5 10h6v4h-6zM5 6v6h3.5",
  wait: "M8 2a6 6 0 1 0 .01 0zM8 4.8V8l2.3 1.8",
  signal: "M2 3.5h12v9H2zM2 4l6 5 6-5",
  approval: "M6 7.5a2.6 2.6 0 1 0-.01 0zM1.5 14c0-2.8 2-4.2 4.5-4.2 1 0 1.9.2 2.7.7M9.8 12.3l1.7 1.7 3-3.6",
  fail: "M8 2a6 6 0 1 0 .01 0zM8 4.8v4M8 11v.4",
  end: "M8 2a6 6 0 1 0 .01 0zM6 6h4v4H6z",
  other: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 12.600v.4",
};

/** Lines on a square of 16, inside a disc of radius 8; the sign of a state beside its colour and its words. */
export const STATE_ICONS: Readonly<Record<NodeStatus, string>> = {
  pending: "M4.8 8h.1M8 8h.1M11.2 8h.1",
  running: "M6.5 5l4.5 3-4.5 3z",
  completed: "M4.5 8.300l2.4 2.4 4.6-5",
  failed: "M5.3 5.300l5.4 5.400M10.7 5.300l-5.4 5.4",
  skipped: "M4.5 5l3 3-3 3M8.5 5l3 3-3 3",
  cancelled: "M4.5 8h7",
};
