// A question of a template that is answered with something of the connected GitLab.

import { Input } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { PickerBox } from "../../builder/forms/PickerInput";
import { text } from "../../builder/model/outline";
import type { TemplateField } from "../../builder/server/types";
import { listConnections } from "../../builder/server/workflows";

interface Props {
  field: TemplateField;
  value: unknown;
  values: Record<string, unknown>;
  onChange: (value: unknown) => void;
}

export function FieldPicker({ field, value, values, onChange }: Props): ReactNode {
  const id = useId();
  const connections = useQuery({ queryKey: ["connections", "brief"], queryFn: listConnections }).data ?? [];
  const connection = connections.find((one) => one.default) ?? connections[0];
  const parents = field.parent ? [field.parent] : [];
  const parent = field.parent ? text(values[field.parent]) : "";
  return (
    <Input.Wrapper
      id={id}
      label={field.label}
      description={field.help}
      required={field.required !== false}
    >
      <PickerBox
        id={id}
        value={value}
        example=""
        onChange={onChange}
        toValue={(written) => written}
        about={{ connection: connection?.name, kind: field.kind, parents, parent }}
      />
    </Input.Wrapper>
  );
}
