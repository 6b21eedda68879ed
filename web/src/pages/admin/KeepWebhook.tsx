// A webhook that is kept by hand: asked for here, and given up again.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { ErrorPanel } from "../shared/ErrorPanel";
import { places, type PlaceKind } from "./webhookWords";
import { useFocusBack } from "../shared/useFocusBack";

type Webhook = Answer<"get", "/webhooks">["items"][number];

export function KeepWebhookDialog({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const [kind, setKind] = useState<PlaceKind>("project");
  const [path, setPath] = useState("");
  const [connection, setConnection] = useState<string | null>(null);
  const connections = useQuery({
    queryKey: ["connections"],
    queryFn: () => server.get("/connections"),
  });
  const names = (connections.data?.items ?? []).map((each) => each.name);
  const client = useQueryClient();
  const keep = useMutation({
    mutationFn: () =>
      server.post("/webhooks", { [kind]: path.trim(), ...(connection ? { connection } : {}) }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Keep a webhook">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            For workflows that start on events and name no one place. It stays until it is given up
            here, even while nothing uses it.
          </Text>
          <Select
            label="In a"
            data={[...places]}
            value={kind}
            onChange={(next) => setKind((next ?? kind) as PlaceKind)}
            allowDeselect={false}
          />
          <TextInput
            label="Path at GitLab"
            description={
              kind === "group"
                ? "Such as “ops”. Needs GitLab Premium or Ultimate, and the role Owner."
                : "Such as “ops/web”. Needs the role Maintainer."
            }
            required
            data-autofocus
            autoComplete="off"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          {names.length > 1 && (
            <Select
              label="Connection"
              placeholder="The default one"
              data={names}
              value={connection}
              onChange={setConnection}
              clearable
            />
          )}
          {keep.isError && <ErrorPanel error={keep.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={keep.isPending}>
              Keep it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function ForgetWebhook({ hook, place }: { hook: Webhook; place: string }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const forget = useMutation({
    mutationFn: () => server.delete(`/webhooks/${encodeURIComponent(hook.id)}`),
    onSettled: () => void client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const needed = hook.wantedBy.some((each) => each.kind !== "hand");
  if (!sure)
    return (
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => setSure(true)}
        aria-label={`Forget the webhook of ${place}`}
      >
        Forget
      </Button>
    );
  return (
    <Stack gap={4} align="flex-end">
      <Text size="xs" c="dimmed" role="status">
        {needed ? "It stays while it is needed." : "It is removed at GitLab soon."}
      </Text>
      {forget.isError && <ErrorPanel error={forget.error} />}
      <Group gap={4} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>
          Keep it
        </Button>
        <Button
          size="compact-xs"
          color="red"
          loading={forget.isPending}
          onClick={() => forget.mutate()}
        >
          Forget it now
        </Button>
      </Group>
    </Stack>
  );
}
