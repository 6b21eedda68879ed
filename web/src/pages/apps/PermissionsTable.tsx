// What each action needs at GitLab, and whether this connection has it.
import { Badge, List, Text } from "@mantine/core";
import classes from "../shared/Table.module.css";
import type { Permissions } from "./connection";

type Action = Permissions["actions"][number];

// Many actions have the same note: it is said once, below the table, and named here by its number.
function notesOf(actions: readonly Action[]): string[] {
  return [...new Set(actions.map((each) => each.note).filter((note) => note !== ""))];
}

function Scope({ action, note }: { action: Action; note: number }) {
  return (
    <div>
      <code>{action.scope}</code>
      {note > 0 && (
        <Text span size="xs" c="dimmed" title={action.note}>
          {" "}
          note {note}
        </Text>
      )}
      {action.narrowerScope && (
        <Text size="xs" c="dimmed">
          {action.narrowerCovers === false ? "documented: " : "enough: "}
          <code>{action.narrowerScope}</code>
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
  const notes = notesOf(permissions.actions);
  return (
    <>
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
                <Scope action={action} note={notes.indexOf(action.note) + 1} />
              </td>
              <td data-label="Role at GitLab">{action.role}</td>
              <td data-label="With this connection">
                <Verdict action={action} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes.length > 0 && (
        <List type="ordered" size="xs" c="dimmed" aria-label="Notes">
          {notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
    </>
  );
}
