// What is typed about retention, as the API takes it. Pure.
const plainDays = /^\s*(\d+)\s*(d|days?)?\s*$/i;

/** "90" and "90 days" are P90D; whatever else goes as it is, and the server says if it is wrong. */
export function ageOf(typed: string): string {
  const days = plainDays.exec(typed)?.[1];
  return days === undefined ? typed.trim() : `P${Number(days)}D`;
}

/** undefined: neither a number nor "forever". */
export function runsOf(typed: string): number | "forever" | undefined {
  const text = typed.trim().toLowerCase();
  if (text === "forever") return "forever";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** "That is 90 days.", where it can be said. */
export function ageWords(typed: string): string {
  const days = /^P(\d+)D$/.exec(ageOf(typed))?.[1];
  return days === undefined ? "" : `That is ${days} ${days === "1" ? "day" : "days"}.`;
}
