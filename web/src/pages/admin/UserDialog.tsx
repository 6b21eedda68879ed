// Adds a person or changes one.
import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../api/server";
import { ErrorPanel } from "../shared/ErrorPanel";
import { roleOptions, roleWords, type Role } from "./roles";
import type { User } from "./UsersPage";
import { useFocusBack } from "../shared/useFocusBack";

interface Props {
  user: User | null; // null: a new one
  onClose: () => void;
  onLink: (username: string, url: string) => void; // by which they choose their first password
}

export function UserDialog({ user, onClose, onLink }: Props) {
  useFocusBack();
  const [username, setUsername] = useState(user?.username ?? "");
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "operator");
  const [password, setPassword] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      user === null
        ? server.post("/users", {
            username,
            name,
            email,
            role,
            ...(password !== "" ? { password } : {}),
          })
        : server.patch(`/users/${user.id}`, { name, email, role }),
    onSuccess: ({ passwordLink }) => {
      if (passwordLink) onLink(username, passwordLink);
      void client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={user === null ? "Add a user" : `Change ${user.username}`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          {user === null && (
            <TextInput
              label="User name"
              required
              autoComplete="off"
              data-autofocus
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="E-mail"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            label="Role"
            description={`${roleWords[role].title}: ${roleWords[role].may}.`}
            data={roleOptions}
            value={role}
            onChange={(next) => setRole((next ?? role) as Role)}
            allowDeselect={false}
          />
          {user === null && (
            <PasswordInput
              label="First password"
              description="At least 10 characters. Left empty, you get a link to send."
              minLength={10}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {save.isError && <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              {user === null ? "Add" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
