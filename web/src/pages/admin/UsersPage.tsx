// People: who may sign in, with which role; add, change, disable, give a new password link.
import { Button, Group, Menu, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "../../api/routes";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import { query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { OnceShown } from "../shared/OnceShown";
import { PageHeader } from "../shared/PageHeader";
import { StatusChip } from "../shared/StatusChip";
import classes from "../shared/Table.module.css";
import { momentWords } from "../shared/time";
import { useSearchText } from "../shared/useSearchText";
import { roleWords } from "./roles";
import { SearchedList } from "./SearchedList";
import { UserDialog } from "./UserDialog";
import { AdminFrame } from "./AdminFrame";

const pageRows = 50;

export type User = Schema<"User">;

export default function UsersPage() {
  const [text, search] = useSearchText();
  const users = usePages(["users", text], (cursor) =>
    server.get(`/users${query({ q: text, limit: pageRows, cursor })}`),
  );
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const [link, setLink] = useState<{ username: string; url: string } | null>(null);
  return (
    <AdminFrame>
      <PageHeader
        title="Users"
        actions={
          <Button size="xs" onClick={() => setEditing("new")}>
            Add a user
          </Button>
        }
      >
        Who may sign in, and what they may do.
      </PageHeader>
      {link && (
        <OnceShown
          title={`Password link for ${link.username}`}
          value={link.url}
          onClose={() => setLink(null)}
        >
          Send it to them over a channel you trust. It works once and lets them choose a new
          password.
        </OnceShown>
      )}
      <SearchedList
        list={users}
        text={text}
        onSearch={search}
        one="user"
        many="users"
        placeholder="Name, e-mail or role"
        empty={
          <EmptyState title="No users yet">
            Add the people who work with runs and workflows.
          </EmptyState>
        }
      >
        <table className={classes.table} aria-label="Users">
          <thead>
            <tr>
              <th scope="col">User</th>
              <th scope="col">Role</th>
              <th scope="col">E-mail</th>
              <th scope="col">Signs in</th>
              <th scope="col">State</th>
              <th scope="col" aria-label="Orders" />
            </tr>
          </thead>
          <tbody>
            {users.items.map((user) => (
              <UserRow
                key={user.id}
                user={user}
                onEdit={() => setEditing(user)}
                onLink={(url) => setLink({ username: user.username, url })}
              />
            ))}
          </tbody>
        </table>
      </SearchedList>
      {editing !== null && (
        <UserDialog
          user={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onLink={(username, url) => setLink({ username, url })}
        />
      )}
    </AdminFrame>
  );
}

function signInWords(user: User): string {
  const ways = [user.hasPassword ? "password" : "", user.gitlab ? "GitLab" : ""].filter(
    (each) => each !== "",
  );
  if (ways.length === 0) return "not yet";
  const last = user.signedInAt ? `, last ${momentWords(user.signedInAt)}` : "";
  return ways.join(" or ") + last;
}

function UserRow({
  user,
  onEdit,
  onLink,
}: {
  user: User;
  onEdit: () => void;
  onLink: (url: string) => void;
}) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const order = useMutation({
    mutationFn: (what: "toggle" | "remove"): Promise<unknown> =>
      what === "remove"
        ? server.delete(`/users/${user.id}`)
        : server.patch(`/users/${user.id}`, { disabled: !user.disabled }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["users"] }),
  });
  const reset = useMutation({
    mutationFn: () => server.post(`/users/${user.id}/password-link`),
    onSuccess: (answer) => onLink(answer.link),
  });
  return (
    <tr>
      <td data-label="User">
        <div>
          <Text size="sm" fw={500}>
            {user.name || user.username}
          </Text>
          <Text size="xs" c="dimmed">
            {user.username}
          </Text>
          {order.isError && <ErrorPanel error={order.error} />}
          {reset.isError && <ErrorPanel error={reset.error} />}
        </div>
      </td>
      <td data-label="Role">{roleWords[user.role].title}</td>
      <td data-label="E-mail">{user.email || "–"}</td>
      <td data-label="Signs in">{signInWords(user)}</td>
      <td data-label="State">
        <StatusChip status={user.disabled ? "disabled" : "active"} />
      </td>
      <td>
        <Group justify="flex-end" gap={4}>
          <Button size="compact-xs" variant="default" onClick={onEdit}>
            Edit
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`More for ${user.username}`}
                loading={order.isPending || reset.isPending}
              >
                ⋯
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => reset.mutate()}>New password link</Menu.Item>
              <Menu.Item onClick={() => order.mutate("toggle")}>
                {user.disabled ? "Enable" : "Disable and sign out"}
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setSure(true)}>
                Remove…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Modal opened={sure} onClose={() => setSure(false)} title={`Remove ${user.username}?`}>
            <Text size="sm">
              Their sessions and tokens end now. What they did stays in the audit log. To keep the
              account for later, disable it instead.
            </Text>
            <Group justify="flex-end" gap="xs" mt="md">
              <Button variant="default" onClick={() => setSure(false)} data-autofocus>
                Keep
              </Button>
              <Button
                color="red.9"
                onClick={() => {
                  setSure(false);
                  order.mutate("remove");
                }}
              >
                Remove
              </Button>
            </Group>
          </Modal>
        </Group>
      </td>
    </tr>
  );
}
