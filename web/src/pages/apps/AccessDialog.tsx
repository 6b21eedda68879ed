// Asking GitLab for more access than a connection has, or for less.
import { Button, Checkbox, Group, Modal, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorPanel } from "../shared/ErrorPanel";
import { type Permissions, connections } from "./connection";
import { useFocusBack } from "../shared/useFocusBack";

interface Props {
  name: string;
  // Ticked beside what is granted already.
  wanted: readonly string[];
  onClose: () => void;
  onDevice: (scopes: string) => void;
}

export function AccessDialog(props: Props) {
  useFocusBack();
  const query = useQuery({
    queryKey: ["connection", props.name, "permissions"],
    queryFn: () => connections.permissions(props.name),
  });
  return (
    <Modal opened onClose={props.onClose} title="Ask GitLab for other access">
      {query.isError && <ErrorPanel error={query.error} />}
      {query.isPending && <Skeleton height={220} />}
      {query.data && <Form {...props} permissions={query.data} />}
    </Modal>
  );
}

function Form({
  name,
  wanted,
  permissions,
  onClose,
  onDevice,
}: Props & { permissions: Permissions }) {
  const [ticked, setTicked] = useState<string[]>(() => [
    ...new Set([...permissions.granted, ...permissions.missing, ...wanted]),
  ]);
  const [way, setWay] = useState("browser");
  const scopes = ticked.join(" ");
  const ask = useMutation({ mutationFn: () => connections.consent(name, { scopes }) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (way === "device") onDevice(scopes);
        else ask.mutate();
      }}
    >
      <Stack gap="sm">
        <Checkbox.Group label="Scopes" value={ticked} onChange={setTicked}>
          <Stack gap="xs" mt={6}>
            {permissions.scopes.map((each) => (
              <Checkbox
                key={each.scope}
                value={each.scope}
                label={each.scope + (each.granted ? " (granted)" : "")}
                description={each.why}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Radio.Group label="Sign in" value={way} onChange={setWay}>
          <Group gap="md" mt={6}>
            <Radio value="browser" label="With this browser" />
            <Radio value="device" label="By device code" />
          </Group>
        </Radio.Group>
        <Text size="xs" c="dimmed">
          The application at GitLab must have these scopes ticked, too. Id, settings and workflows
          of the connection stay; the grant it has now is revoked when the new one is there.
        </Text>
        {ask.isError && <ErrorPanel error={ask.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={ask.isPending} disabled={ticked.length === 0}>
            Ask GitLab
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
