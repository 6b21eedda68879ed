// A question of a template that is answered with something, or several things, of the connected
// GitLab.

import { Input } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { PickerBox, PickerTagsBox } from "../../builder/forms/PickerInput";
import { text } from "../../builder/model/outline";
import type { TemplateField } from "../../builder/server/types";
import { listConnections } from "../../builder/server/workflows";

interface Props {
  field: TemplateField;
  value: unknown;
  values: Record<string, unknown>;
  fault: string | undefined;
  onChange: (value: string | string[]) => void;
}

export function FieldPicker({ field, value, values, fault, onChange }: Props): ReactNode {
  const id = useId();
  const connections =
    useQuery({ queryKey: ["connections", "brief"], queryFn: listConnections }).data ?? [];
  const connection = connections.find((one) => one.default) ?? connections[0];
  const about = {
    connection: connection?.name,
    kind: field.kind,
    parents: field.parent ? [field.parent] : [],
    parent: field.parent ? text(values[field.parent]) : "",
  };
  const shared = { id, value, about, toValue: (written: string) => written };
  return (
    <Input.Wrapper
      error={fault}
      id={id}
      label={field.label}
      description={field.help}
      required={field.required}
    >
      {Array.isArray(field.default) ? (
        <PickerTagsBox
          {...shared}
          onChange={(next) => onChange(Array.isArray(next) ? next.map(String) : [])}
        />
      ) : (
        <PickerBox {...shared} example="" onChange={(next) => onChange(text(next))} />
      )}
    </Input.Wrapper>
  );
}
