// The first start: whoever has the one-time link that the server printed becomes the org admin.
import { Button, Code, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useSession } from "../../app/session";
import { ErrorPanel } from "../shared/ErrorPanel";
import { server } from "../../api/server";
import { Frame } from "./Frame";
import { passwordFault } from "./password";
import { useLinkToken } from "./useLinkToken";

function NoLink() {
  return (
    <Frame title="Set up Fairlead">
      <Text size="sm">
        This server has no people yet. It printed a one-time link when it started: look for{" "}
        <Code>Set up the first org admin</Code> in its output or its log, and open that link here.
      </Text>
    </Frame>
  );
}

export default function SetupPage() {
  const session = useSession();
  const token = useLinkToken();
  const [form, setForm] = useState({ username: "", name: "", email: "", password: "" });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (token === "") return <NoLink />;
  const put = (name: keyof typeof form) => (event: { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    setForm((now) => ({ ...now, [name]: value }));
  };
  const fault = form.password === "" ? "" : passwordFault(form.password);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fault !== "") return;
    setBusy(true);
    setError(undefined);
    const { email, ...rest } = form;
    try {
      const body = { token, ...rest, ...(email === "" ? {} : { email }) };
      session.accept(await server.post("/setup", body));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };

  return (
    <Frame
      title="Set up Fairlead"
      lead="You become the org admin: who connects apps and invites others."
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {error !== undefined && <ErrorPanel error={error} />}
          <TextInput
            label="Name"
            autoComplete="name"
            autoFocus
            required
            value={form.name}
            onChange={put("name")}
          />
          <TextInput
            label="Username"
            description="What you sign in with."
            autoComplete="username"
            required
            value={form.username}
            onChange={put("username")}
          />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="email"
            value={form.email}
            onChange={put("email")}
          />
          <PasswordInput
            label="Password"
            description="At least 10 characters; a sentence is good."
            autoComplete="new-password"
            required
            value={form.password}
            onChange={put("password")}
            error={fault}
          />
          <Button type="submit" loading={busy} fullWidth>
            Create the org admin
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
