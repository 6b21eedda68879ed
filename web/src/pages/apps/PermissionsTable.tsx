// What each action needs at GitLab, and whether this connection has it.
import { Badge, Text } from "@mantine/core";
import classes from "../shared/Table.module.css";
import type { Permissions } from "./connection";

type Action = Permissions["actions"][number];

function Scope({ action }: { action: Action }) {
  return (
    <div>
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
    </div>
  );
}

function Verdict({ action }: { action: Action }) {
  const [color, word] =
    action.readsOnly === true
      ? ["yellow", "Only reading"]
      : action.allowed
        ? ["green", "Possible"]
        : ["red", "Not possible"];
  return (
    <div>
      <Badge variant="light" color={color}>
        {word}
      </Badge>
      {action.reason && (
        <Text size="xs" c="dimmed">
          {action.reason}
        </Text>
      )}
    </div>
  );
}

export function PermissionsTable({ permissions }: { permissions: Permissions }) {
  return (
    <table className={classes.table} aria-label="What each action needs">
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col">Scope</th>
          <th scope="col">Role at GitLab</th>
          <th scope="col">With this connection</th>
        </tr>
      </thead>
      <tbody>
        {permissions.actions.map((action) => (
          <tr key={action.id}>
            <td data-label="Action">
              <div>
                <Text size="sm">{action.title}</Text>
                <Text size="xs" c="dimmed">
                  {action.id}
                </Text>
              </div>
            </td>
            <td data-label="Scope">
              <Scope action={action} />
            </td>
            <td data-label="Role at GitLab">{action.role}</td>
            <td data-label="With this connection">
              <Verdict action={action} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
