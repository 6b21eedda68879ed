// What can be changed of a connection without touching its sign-in.
import {
  Button,
  Card,
  Group,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { roles } from "../admin/roles";
import { ErrorPanel } from "../shared/ErrorPanel";
import { type Connection, connections } from "./connection";

export function ConnectionSettings({ connection }: { connection: Connection }) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [form, setForm] = useState({
    name: connection.name,
    aliases: connection.aliases,
    default: connection.default,
    readOnly: connection.readOnly,
    minimumRole: connection.minimumRole,
  });
  const save = useMutation({
    mutationFn: () => connections.change(connection.name, form),
    onSuccess: async (changed) => {
      await queries.invalidateQueries({ queryKey: ["connections"] });
      await queries.invalidateQueries({ queryKey: ["connection"] });
      notifications.show({ message: "Saved." });
      if (changed.name !== connection.name)
        go(`/settings/apps/gitlab/${encodeURIComponent(changed.name)}`, { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Card withBorder>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text fw={600}>Settings</Text>
          {save.isError && <ErrorPanel error={save.error} />}
          <TextInput
            label="Name"
            description="Id, sign-in and links stay; workflows that say the old name need it as a further name."
            required
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TagsInput
            label="Further names"
            description="For instance one an environment: production, staging."
            value={form.aliases}
            onChange={(aliases) => setForm({ ...form, aliases })}
          />
          <Select
            label="May be used from"
            description="The lowest role whose actions and workflows may use it."
            data={[...roles]}
            allowDeselect={false}
            value={form.minimumRole}
            onChange={(picked) => {
              const minimumRole = roles.find((each) => each === picked) ?? form.minimumRole;
              setForm({ ...form, minimumRole });
            }}
          />
          <Switch
            label="Default: used where a workflow names none"
            checked={form.default}
            onChange={(event) => setForm({ ...form, default: event.currentTarget.checked })}
          />
          <Switch
            label="Read only: offer no action that changes anything"
            checked={form.readOnly}
            onChange={(event) => setForm({ ...form, readOnly: event.currentTarget.checked })}
          />
          <Group>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
