/** Times as people read them. */

/** `12:00:01`, of the day of whoever reads it. */
export function clockText(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `2026-11-22 12:00:01`, local, for tables; an empty text stays empty, what is no time stays as it is. */
export function dateTimeText(rfc3339: string): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return rfc3339;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clockText(time)}`;
}
