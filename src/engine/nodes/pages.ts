import type { JsonValue } from "../../core/json";

/** Entries of a page: the square root of the longest list, so that a change copies a page and the list of pages. */
const PAGE_SIZE = 100;

/** A long list that is never changed in place, cheap to change one entry of. Its `flat()` is the list. */
export type Pages = readonly (readonly JsonValue[])[];

/** Cuts a list into pages. */
export function pagesOf(list: readonly JsonValue[]): Pages {
  return Array.from({ length: Math.ceil(list.length / PAGE_SIZE) }, (_, page) =>
    list.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
  );
}

/** An entry; null where there is none. */
export function at(pages: Pages, index: number): JsonValue {
  return pages[Math.floor(index / PAGE_SIZE)]?.[index % PAGE_SIZE] ?? null;
}

/** The list with one entry changed; the index must be in it. */
export function withEntry(pages: Pages, index: number, value: JsonValue): Pages {
  const page = Math.floor(index / PAGE_SIZE);
  return pages.with(page, (pages[page] ?? []).with(index % PAGE_SIZE, value));
}

/** The list without the page of an entry that is the last to be read of it; the list as it is where others follow. */
export function withoutPageOf(pages: Pages, index: number): Pages {
  const page = Math.floor(index / PAGE_SIZE);
  return index % PAGE_SIZE === (pages[page]?.length ?? 0) - 1 ? pages.with(page, []) : pages;
}
