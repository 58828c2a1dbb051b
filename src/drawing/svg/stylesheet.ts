import { NODE_STATUSES } from "../node-state";
import { DARK_TINTS, INK, LIGHT_TINTS } from "../palette";

/** No variables: several viewers of SVG know classes and media queries but not those. */
export function stylesheet(): string {
  return [
    ".aco text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif;font-size:11.5px}",
    ".aco .title{font-size:13px;font-weight:600}",
    ".aco .heading{font-size:17px;font-weight:600}",
    ".aco .box,.aco .frame,.aco .line{stroke-width:1.4}",
    ".aco .line,.aco .icon,.aco .bars{fill:none}",
    ".aco .icon{stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}",
    ".aco .sign{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}",
    ".aco .firm{stroke-width:2.6}",
    ".aco .section{stroke-dasharray:6 4}",
    ".aco .unknown{stroke-dasharray:3 3}",
    ".aco .error,.aco .loop{stroke-dasharray:5 4}",
    ".aco .tip{stroke:none}",
    ...colours(LIGHT),
    `@media (prefers-color-scheme:dark){${colours(DARK).join("")}}`,
  ].join("\n");
}

interface Theme {
  readonly page: string;
  readonly ink: string;
  readonly quiet: string;
  readonly frame: string;
  readonly box: string;
  readonly border: string;
  readonly line: string;
  readonly kinds: Readonly<Record<"work" | "flow" | "pause" | "stop", string>>;
  readonly tints: typeof LIGHT_TINTS;
}

const LIGHT: Theme = {
  page: "#ffffff",
  ink: INK.light,
  quiet: "#59636e",
  frame: "#818b9814",
  box: "#ffffff",
  border: "#afb8c1",
  line: "#6e7781",
  kinds: { work: "#0969da", flow: "#8250df", pause: "#9a6700", stop: "#cf222e" },
  tints: LIGHT_TINTS,
};

const DARK: Theme = {
  page: "#0d1117",
  ink: INK.dark,
  quiet: "#9198a1",
  frame: "#656c7626",
  box: "#151b23",
  border: "#3d444d",
  line: "#8b949e",
  kinds: { work: "#58a6ff", flow: "#bc8cff", pause: "#d29922", stop: "#f85149" },
  tints: DARK_TINTS,
};

function colours({ page, ink, quiet, frame, box, border, line, kinds, tints }: Theme): readonly string[] {
  return [
    `.aco .page,.aco .halo{fill:${page}}`,
    `.aco text{fill:${ink}}`,
    `.aco .quiet{fill:${quiet}}`,
    `.aco .frame{fill:${frame};stroke:${border}}`,
    `.aco .box{fill:${box};stroke:${border}}`,
    `.aco .bars{stroke:${border}}`,
    `.aco .line{stroke:${line}}`,
    `.aco .tip{fill:${line}}`,
    `.aco .line.error{stroke:${tints.failed.line}}`,
    `.aco .tip.error,.aco .label.error{fill:${tints.failed.line}}`,
    `.aco .line.loop{stroke:${kinds.flow}}`,
    `.aco .tip.loop,.aco .label.loop{fill:${kinds.flow}}`,
    ...Object.entries(kinds).map(([family, colour]) => `.aco .icon.${family}{stroke:${colour}}`),
    `.aco .sign{stroke:${page}}`,
    ...NODE_STATUSES.flatMap((status) => {
      const { fill, line: strong } = tints[status];
      return [
        `.aco .${status} .box{fill:${fill};stroke:${strong}}`,
        `.aco .${status} .bars{stroke:${strong}}`,
        `.aco .frame.${status}{stroke:${strong}}`,
        `.aco .disc.${status},.aco .said.${status}{fill:${strong}}`,
      ];
    }),
  ];
}
