// What forms of steps are made of: a few words for schemas. Pure.

export interface KindForm {
  path: readonly string[]; // within the step
  schema: unknown;
  /** Above its fields, where a step has several groups of them. */
  heading?: string;
}

export const field = (title: string, description: string, more: object = {}): object => ({
  type: "string",
  title,
  description,
  ...more,
});
export const hint = (widget: string): object => ({ "x-fairlead": { widget } });
/** Under "More fields" until it has a value. */
export const aside = (widget = ""): object => ({
  "x-fairlead": widget === "" ? { advanced: true } : { widget, advanced: true },
});
export const map = (title: string, description: string): object => ({
  type: "object",
  title,
  description,
});

export function object(
  properties: Record<string, object>,
  required: readonly string[] = [],
): unknown {
  let order = 0;
  const ordered = Object.entries(properties).map(([name, value]) => {
    const hints = (value as Record<string, object | undefined>)["x-fairlead"] ?? {};
    return [name, { ...value, "x-fairlead": { ...hints, order: ++order } }];
  });
  return { type: "object", properties: Object.fromEntries(ordered) as object, required };
}
