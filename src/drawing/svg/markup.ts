import { columnsOf } from "../../core/text-columns";

/** Text or an attribute's value. Control characters, which XML cannot hold, are gone since the drawing was read. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A coordinate: tenths of a pixel are fine enough, and keep drawings small. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/**
 * Width of a text in an unknown sans-serif font, in pixels. After DejaVu Sans, the widest of those that systems bring, so
 * that text never leaves its box.
 */
export function textWidth(text: string, fontSize: number, isBold = false): number {
  let ems = 0;
  for (const character of text) ems += characterWidth(character);
  return ems * fontSize * (isBold ? 1.1 : 1);
}

function characterWidth(character: string): number {
  if (/[ilj.,:;'|!I]/.test(character)) return 0.34;
  if (/[ frt()[\]{}/\\"-]/.test(character)) return 0.41;
  if (/[mwMW@%]/.test(character)) return 0.98;
  if (/[=<>+…]/.test(character)) return 0.84;
  if (/[A-Z]/.test(character)) return 0.7;
  return character < "\u0300" ? 0.62 : columnsOf(character) * 0.62;
}
