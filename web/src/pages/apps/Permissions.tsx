// The scopes of a connection with the why of each, and what each action needs.
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { PermissionsTable } from "./PermissionsTable";
import type { Permissions as Told } from "./connection";

interface Props {
  permissions: Told;
  // Only for who may sign the connection in.
  onAsk: ((scopes: string[]) => void) | undefined;
}

// The widest scope the actions need that it has not: what is to be asked for first.
function lacking({ actions }: Told): string[] {
  return [
    ...new Set(actions.filter((each) => !each.allowed && each.reason).map((each) => each.scope)),
  ];
}

export function Permissions({ permissions, onAsk }: Props) {
  const needed = permissions.readOnly ? [] : lacking(permissions);
  const closed = permissions.actions.filter((each) => !each.allowed).length;
  return (
    <Stack>
      <Stack gap={4}>
        {permissions.scopes.map((each) => (
          <Text key={each.scope} size="sm">
            <Badge
              size="sm"
              variant="light"
              color={each.granted ? "green" : "gray"}
              mr={6}
              tt="none"
            >
              {each.scope}
              {each.granted ? "" : " (not granted)"}
            </Badge>
            {each.why}
          </Text>
        ))}
      </Stack>
      {closed > 0 && (
        <Group gap="sm">
          <Text size="sm">
            {closed} of {permissions.actions.length} actions are not possible
            {permissions.readOnly && ": the connection is kept read-only (Settings)"}.
          </Text>
          {onAsk && needed.length > 0 && (
            <Button size="xs" variant="default" onClick={() => onAsk(needed)}>
              Ask for more access
            </Button>
          )}
        </Group>
      )}
      <PermissionsTable permissions={permissions} />
    </Stack>
  );
}
