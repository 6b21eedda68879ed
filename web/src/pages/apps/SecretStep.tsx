// Step 3: what GitLab showed after the application was made, and off to its consent page.
import { Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import type { Answers } from "./wizard";

interface Props {
  answers: Answers;
  change: (part: Partial<Answers>) => void;
  busy: boolean;
  onGo: () => void;
  onBack: () => void;
}

export function SecretStep({ answers, change, busy, onGo, onBack }: Props) {
  const byToken = answers.way === "token";
  const byDevice = answers.way === "device";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onGo();
      }}
    >
      <Stack mt="sm">
        <TextInput
          label="Name of the connection"
          description="Workflows say it when there is more than one."
          required
          value={answers.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {!byToken ? (
          <>
            <TextInput
              label="Application ID"
              required
              autoComplete="off"
              value={answers.clientId}
              onChange={(event) => change({ clientId: event.currentTarget.value })}
            />
            <PasswordInput
              label="Secret"
              required={!byDevice}
              {...(byDevice ? { description: "None if the application is not confidential." } : {})}
              autoComplete="off"
              value={answers.clientSecret}
              onChange={(event) => change({ clientSecret: event.currentTarget.value })}
            />
            <Text size="sm" c="dimmed">
              Sealed before it is stored.{" "}
              {byDevice
                ? "Next, you get a code to enter at GitLab."
                : "Next, GitLab asks whether Fairlead may act for you."}
            </Text>
          </>
        ) : (
          <PasswordInput
            label="Access token"
            required
            autoComplete="off"
            value={answers.accessToken}
            onChange={(event) => change({ accessToken: event.currentTarget.value })}
          />
        )}
        <Group>
          <Button type="submit" loading={busy}>
            {byToken ? "Connect" : byDevice ? "Get a code" : "Authorize at GitLab"}
          </Button>
          <Button variant="subtle" onClick={onBack}>
            Back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
