import type { ComponentChildren } from "preact";

/** A table that scrolls by itself, so that the page does not; its children are rows. */
export function Table({
  label,
  columns,
  right,
  children,
}: {
  readonly label: string;
  readonly columns: readonly string[];
  /** The column that holds numbers. */
  readonly right?: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scrolls" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class={name === right ? "right" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
