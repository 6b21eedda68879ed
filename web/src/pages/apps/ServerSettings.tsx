// Where a connection's GitLab is and which application it signs in with: what was mistyped is
// corrected here. Only what was filled in is changed.
import {
  Button,
  Card,
  Checkbox,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Textarea,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorPanel } from "../shared/ErrorPanel";
import { type Connection, connections } from "./connection";
import { type ServerForm, needsSignIn, noServerChange, serverChange } from "./serverSettings";

export function ServerSettings({ connection }: { connection: Connection }) {
  const queries = useQueryClient();
  const [form, setForm] = useState<ServerForm>(() => noServerChange(connection));
  const put = (part: Partial<ServerForm>) => setForm((now) => ({ ...now, ...part }));
  const change = serverChange(connection, form);
  const save = useMutation({
    mutationFn: () => connections.change(connection.name, change),
    onSuccess: async (saved) => {
      setForm(noServerChange(saved));
      await queries.invalidateQueries({ queryKey: ["connections"] });
      await queries.invalidateQueries({ queryKey: ["connection"] });
      notifications.show({ message: "Saved." });
    },
  });
  const oauth = connection.auth === "oauth";
  return (
    <Card withBorder>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Text fw={600}>Server and application</Text>
          {save.isError && <ErrorPanel error={save.error} />}
          <TextInput
            label="Address of the GitLab"
            required
            value={form.baseUrl}
            onChange={(event) => put({ baseUrl: event.currentTarget.value })}
          />
          {oauth && (
            <>
              <TextInput
                label="Application ID"
                required
                autoComplete="off"
                value={form.clientId}
                onChange={(event) => put({ clientId: event.currentTarget.value })}
              />
              <PasswordInput
                label="Secret of the application"
                description="Left empty, the present one stays."
                autoComplete="off"
                value={form.clientSecret}
                onChange={(event) => put({ clientSecret: event.currentTarget.value })}
              />
            </>
          )}
          <Authority connection={connection} form={form} put={put} />
          <TextInput
            label="Proxy"
            description="Left empty, the present one stays, if there is one; “none” takes it away."
            placeholder="http://proxy.example.com:3128"
            value={form.proxy}
            onChange={(event) => put({ proxy: event.currentTarget.value })}
          />
          {needsSignIn(change) && (
            <Text size="sm" role="status">
              Its tokens are of the present GitLab and application: they are forgotten when you
              save, and somebody must sign in again.
            </Text>
          )}
          <Group>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={Object.keys(change).length === 0}
            >
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

interface AuthorityProps {
  connection: Connection;
  form: ServerForm;
  put: (part: Partial<ServerForm>) => void;
}

function Authority({ connection, form, put }: AuthorityProps) {
  return (
    <>
      <Textarea
        label="Certificate authority (PEM)"
        description={
          connection.privateCa
            ? "It has one of your own; a new one takes its place."
            : "Only if the server's certificate is signed by your own CA."
        }
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={2}
        maxRows={8}
        disabled={form.dropCa}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={form.caPem}
        onChange={(event) => put({ caPem: event.currentTarget.value })}
      />
      {connection.privateCa && (
        <Checkbox
          label="Take the present certificate authority away"
          checked={form.dropCa}
          onChange={(event) => put({ dropCa: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
