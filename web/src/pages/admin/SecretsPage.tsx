// Secrets by name: set, replaced and removed here, never shown.
import { Button, Group, Modal, PasswordInput, Skeleton, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { AdminFrame } from "./AdminFrame";
import { useFocusBack } from "../shared/useFocusBack";

type SecretName = Answer<"get", "/secrets">["items"][number];

export default function SecretsPage() {
  const secrets = useQuery({
    queryKey: ["secrets"],
    queryFn: () => server.get("/secrets"),
  });
  const [setting, setSetting] = useState<string | null>(null);
  const items = secrets.data?.items ?? [];
  const add = (
    <Button size="xs" onClick={() => setSetting("")}>
      Set a secret
    </Button>
  );
  return (
    <AdminFrame>
      <PageHeader title="Secrets" actions={add}>
        Names that workflows may use as <code>$secrets.name</code>. Values are sealed and never
        shown.
      </PageHeader>
      {secrets.isError ? (
        <ErrorPanel error={secrets.error} onRetry={() => void secrets.refetch()} />
      ) : secrets.isPending ? (
        <Skeleton height={120} />
      ) : items.length === 0 ? (
        <EmptyState title="No secrets" action={add}>
          A workflow that calls another system keeps its password here.
        </EmptyState>
      ) : (
        <table className={classes.table} aria-label="Secrets">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Kept in</th>
              <th scope="col">Set by</th>
              <th scope="col">When</th>
              <th scope="col" aria-label="Orders" />
            </tr>
          </thead>
          <tbody>
            {items.map((each) => (
              <SecretRow
                key={each.source + each.name}
                secret={each}
                onReplace={() => setSetting(each.name)}
              />
            ))}
          </tbody>
        </table>
      )}
      {setting !== null && <SecretDialog name={setting} onClose={() => setSetting(null)} />}
    </AdminFrame>
  );
}

function SecretRow({ secret, onReplace }: { secret: SecretName; onReplace: () => void }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => server.delete(`/secrets/${encodeURIComponent(secret.name)}`),
    onSettled: () => void client.invalidateQueries({ queryKey: ["secrets"] }),
  });
  const ours = secret.source === "store";
  return (
    <tr>
      <td data-label="Name">
        <div>
          <code>{secret.name}</code>
          {remove.isError && <ErrorPanel error={remove.error} />}
        </div>
      </td>
      <td data-label="Kept in">{ours ? "Fairlead, sealed" : secret.source}</td>
      <td data-label="Set by">{secret.updatedBy ?? "–"}</td>
      <td data-label="When">{secret.updatedAt ? <Moment at={secret.updatedAt} /> : "–"}</td>
      <td>
        {ours && (
          <Group justify="flex-end" gap={4}>
            <Button
              size="compact-xs"
              variant="default"
              onClick={onReplace}
              aria-label={`Replace ${secret.name}`}
            >
              Replace
            </Button>
            {sure ? (
              <>
                <Button
                  size="compact-xs"
                  color="red"
                  loading={remove.isPending}
                  onClick={() => remove.mutate()}
                >
                  Remove it now
                </Button>
                <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>
                  Keep
                </Button>
              </>
            ) : (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setSure(true)}
                aria-label={`Remove ${secret.name}`}
              >
                Remove
              </Button>
            )}
          </Group>
        )}
      </td>
    </tr>
  );
}

function SecretDialog({ name: given, onClose }: { name: string; onClose: () => void }) {
  useFocusBack();
  const [name, setName] = useState(given);
  const [value, setValue] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => server.put(`/secrets/${encodeURIComponent(name.trim())}`, { value }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["secrets"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={given === "" ? "Set a secret" : `Replace ${given}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          {given === "" && (
            <TextInput
              label="Name"
              required
              data-autofocus
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <PasswordInput
            label="Value"
            required
            {...(given === "" ? {} : { "data-autofocus": true })}
            autoComplete="new-password"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          {save.isError && <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              Set it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
