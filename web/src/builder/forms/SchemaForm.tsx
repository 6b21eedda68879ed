// A form drawn from a schema, over the values at a path of the document.

import { Button, Collapse, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import { pointerOf, valueAt, type Path } from "../document/path";
import type { Edit } from "../document/plain";
import type { Field } from "../model/fields";
import { isData } from "../model/outline";
import { FieldInput } from "./FieldInput";

interface Props {
  fields: readonly Field[];
  base: Path;
  /** Where a new key goes among its neighbours. */
  order?: readonly string[];
  /** The nearest place above that stays when it has become empty; `base` if left out. */
  keep?: Path;
}

export function SchemaForm({ fields, base, order, keep }: Props): ReactNode {
  const { document } = useBuilder();
  const data = valueAt(document.source.data, base);
  const values = isData(data) ? data : {};
  const [shown, setShown] = useState(false);
  const isAside = (field: Field): boolean => field.advanced && values[field.name] === undefined;
  const main = fields.filter((field) => !isAside(field));
  const aside = fields.filter(isAside);
  const names = order ?? fields.map((field) => field.name);

  const set = (field: Field, value: unknown, extra: readonly Edit[] = []): void => {
    const path = [...base, field.name];
    const own = edits(document.source.data, path, value, names, keep ?? base);
    if (own.length + extra.length > 0)
      document.apply([...own, ...extra], { about: pointerOf(path) });
  };
  const input = (field: Field): ReactNode => (
    <FieldInput
      key={field.name}
      field={field}
      path={[...base, field.name]}
      value={values[field.name]}
      siblings={values}
      onChange={(value, extra) => {
        set(field, value, extra);
      }}
    />
  );
  return (
    <Stack gap="md">
      {main.map(input)}
      {aside.length === 0 ? null : (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            color="gray"
            aria-expanded={shown}
            onClick={() => {
              setShown(!shown);
            }}
          >
            {shown ? "Fewer fields" : `More fields (${aside.length})`}
          </Button>
          <Collapse in={shown}>
            <Stack gap="md" mt="sm">
              {shown ? aside.map(input) : null}
            </Stack>
          </Collapse>
        </div>
      )}
    </Stack>
  );
}

/** Sets a value, or takes it away together with what it leaves empty. */
export function edits(
  data: unknown,
  path: Path,
  value: unknown,
  order: readonly string[],
  keep: Path,
): Edit[] {
  if (value !== undefined) return [{ kind: "set", path, value, order }];
  if (valueAt(data, path) === undefined) return [];
  let gone: Path = path;
  // `catch.errors.with: {status}` without its status is not wanted; `with: {}` of a call is.
  while (gone.length - 1 > keep.length) {
    const holder = valueAt(data, gone.slice(0, -1));
    if (!isData(holder) || Object.keys(holder).length > 1) break;
    gone = gone.slice(0, -1);
  }
  return [{ kind: "remove", path: gone }];
}
