// Group -> role: the highest role of the groups somebody is in.
import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import type { Role } from "../../../app/session";
import { roleOptions } from "../roles";
import type { RoleRow } from "./form";

interface Props {
  rows: readonly RoleRow[];
  onChange: (rows: RoleRow[]) => void;
}

export function RoleRows({ rows, onChange }: Props) {
  const change = (key: number, part: Partial<RoleRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const next = Math.max(-1, ...rows.map((row) => row.key)) + 1;
  return (
    <Stack gap={6} role="group" aria-label="Roles by group">
      <Text size="sm" fw={500}>
        Roles by group
      </Text>
      {rows.length > 0 && (
        <Text size="xs" c="dimmed">
          The highest that fits counts, at the first sign-in; later the role is what you make of it.
        </Text>
      )}
      {rows.map((row, at) => (
        <Group key={row.key} gap={6} align="flex-end">
          <TextInput
            size="xs"
            aria-label={`Group ${at + 1}`}
            placeholder="company/ops/leads"
            style={{ flex: "1 1 160px" }}
            value={row.group}
            onChange={(event) => change(row.key, { group: event.currentTarget.value })}
          />
          <Select
            size="xs"
            w={120}
            aria-label={`Role of group ${at + 1}`}
            data={roleOptions}
            allowDeselect={false}
            value={row.role}
            onChange={(role) => change(row.key, { role: (role ?? row.role) as Role })}
          />
          <Button
            size="xs"
            variant="default"
            aria-label={`Take group ${at + 1} away`}
            onClick={() => onChange(rows.filter((each) => each.key !== row.key))}
          >
            ✕
          </Button>
        </Group>
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          onClick={() => onChange([...rows, { key: next, group: "", role: "operator" }])}
        >
          Add a group
        </Button>
      </Group>
    </Stack>
  );
}
