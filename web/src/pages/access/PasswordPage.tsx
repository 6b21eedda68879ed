// A new password by the one-time link that an org admin gave.
import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { ErrorPanel } from "../shared/ErrorPanel";
import { server } from "../../api/server";
import { Frame } from "./Frame";
import { passwordFault } from "./password";
import { useLinkToken } from "./useLinkToken";

export default function PasswordPage() {
  const token = useLinkToken();
  const [password, setPassword] = useState("");
  const [username, setUsername] = useState("");
  const [error, setError] = useState<unknown>();
  const fault = password === "" ? "" : passwordFault(password);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fault !== "") return;
    setError(undefined);
    try {
      setUsername((await server.post("/password", { token, password })).username);
    } catch (refused) {
      setError(refused);
    }
  };

  if (username !== "")
    return (
      <Frame title="Your password is set">
        <Text size="sm" mb="md">
          Sign in as <b>{username}</b>.
        </Text>
        <Button component={Link} href="/sign-in" fullWidth>
          To the sign-in
        </Button>
      </Frame>
    );
  return (
    <Frame title="Choose a password" lead="The link you followed works once.">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {error !== undefined && <ErrorPanel error={error} />}
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            autoFocus
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={fault}
          />
          <Button type="submit" fullWidth>
            Set the password
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
