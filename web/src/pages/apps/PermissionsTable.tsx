// What each action needs at GitLab, and whether this connection has it.
import { Badge, ScrollArea, Table, Text } from "@mantine/core";
import type { Permissions } from "./connection";

export function PermissionsTable({ permissions }: { permissions: Permissions }) {
  return (
    <ScrollArea>
      <Table verticalSpacing={6} miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Action</Table.Th>
            <Table.Th>Scope</Table.Th>
            <Table.Th>Role at GitLab</Table.Th>
            <Table.Th>With this connection</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.actions.map((action) => (
            <Table.Tr key={action.id}>
              <Table.Td>
                <Text size="sm">{action.title}</Text>
                <Text size="xs" c="dimmed">
                  {action.id}
                </Text>
              </Table.Td>
              <Table.Td>
                <code>{action.scope}</code>
                {action.narrowerScope && (
                  <Text size="xs" c="dimmed">
                    {action.narrowerCovers === false ? "documented: " : "enough: "}
                    <code>{action.narrowerScope}</code>
                  </Text>
                )}
                {action.note !== "" && (
                  <Text size="xs" c="dimmed">
                    {action.note}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{action.role}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={action.allowed ? "green" : "red"}>
                  {action.allowed ? "Possible" : "Not possible"}
                </Badge>
                {action.reason && (
                  <Text size="xs" c="dimmed">
                    {action.reason}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
