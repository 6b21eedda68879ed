// Signing a connection in again: with this browser, by a device code, or with other access.
import { Button, Group, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { ErrorPanel } from "../shared/ErrorPanel";
import { type Connection, connections } from "./connection";

interface Props {
  connection: Connection;
  onDevice: () => void;
  onAccess: () => void;
}

export function SignInMenu({ connection, onDevice, onAccess }: Props) {
  const consent = useMutation({ mutationFn: () => connections.consent(connection.name) });
  const again = connection.account !== null;
  const variant = connection.status === "active" ? "default" : "filled";
  return (
    <div>
      <Group gap={4} wrap="nowrap">
        <Button variant={variant} loading={consent.isPending} onClick={() => consent.mutate()}>
          {again ? "Reconnect" : "Sign in at GitLab"}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant={variant} px={10} aria-label="Other ways to sign in">
              ▾
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onDevice}>By device code</Menu.Item>
            <Menu.Item onClick={onAccess}>With more or less access…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {consent.isError && <ErrorPanel error={consent.error} />}
    </div>
  );
}
