// Signing in: with a password, or with GitLab where that is set up. The address stays, so that one
// lands where one wanted to go.
import { Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../../app/session";
import { ErrorPanel } from "../shared/ErrorPanel";
import { server } from "../../api/server";
import { Frame } from "./Frame";
import { localPath } from "./password";

// What a sign-in at GitLab that failed left in the address.
function refusalInAddress(): Error | undefined {
  const said = new URLSearchParams(window.location.search).get("signInError");
  return said ? new Error(said) : undefined;
}

export default function SignInPage() {
  const session = useSession();
  const [location, go] = useLocation();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(refusalInAddress());
  const here = location === "/sign-in" ? "/" : location + window.location.search;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      session.accept(await server.post("/session", { username, password }));
      if (location === "/sign-in") go(localPath(null, "/"), { replace: true });
    } catch (refused) {
      setError(refused);
      setPassword("");
      setBusy(false);
    }
  };

  return (
    <Frame title="Sign in">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {error !== undefined && <ErrorPanel error={error} />}
          <TextInput
            label="Username"
            autoComplete="username"
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            Sign in
          </Button>
          {session.signIn.gitlab.length > 0 && <Divider label="or" />}
          {session.signIn.gitlab.map((way) => (
            <Button
              key={way.connection}
              component="a"
              variant="default"
              fullWidth
              href={`/sign-in/gitlab?${new URLSearchParams({ connection: way.connection, return: here })}`}
            >
              {way.label || "Sign in with GitLab"}
            </Button>
          ))}
        </Stack>
      </form>
    </Frame>
  );
}
