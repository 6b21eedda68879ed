// Step 2: how Fairlead signs in, and the OAuth application to be made at GitLab for it.
import { Alert, Anchor, Button, Group, List, Radio, Stack, Text } from "@mantine/core";
import { CopyLine } from "./CopyLine";
import type { Probe } from "./connection";
import { type Answers, scopesOf } from "./wizard";

interface Props {
  answers: Answers;
  probe: Probe;
  change: (part: Partial<Answers>) => void;
  onGo: () => void;
  onBack: () => void;
}

function Out({ href, children }: { href: string; children: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm">
      {children} ↗
    </Anchor>
  );
}

function Application({ answers, probe }: { answers: Answers; probe: Probe }) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Make an application at GitLab: your own, a group&apos;s, or, as an administrator, one for
        the whole server.
      </Text>
      <Group gap="md">
        <Out href={probe.applicationPages.user}>Your applications</Out>
        <Out href={probe.applicationPages.group}>A group&apos;s</Out>
        <Out href={probe.applicationPages.instance}>The server&apos;s</Out>
      </Group>
      <Text size="sm">Enter there:</Text>
      <CopyLine label="Name" value="Fairlead" />
      {answers.way === "oauth" && (
        <CopyLine
          label="Redirect URI"
          value={probe.redirectUri}
          hint="Exactly this, with no slash at its end."
        />
      )}
      <CopyLine label="Scopes" value={scopesOf(answers)} hint="Tick this one and no other." />
      <Text size="sm">
        {answers.way === "oauth"
          ? "Leave “Confidential” ticked."
          : "It needs no redirect URI; if “Confidential” is not ticked, it has no secret."}
      </Text>
    </Stack>
  );
}

export function ApplicationStep({ answers, probe, change, onGo, onBack }: Props) {
  return (
    <Stack mt="sm">
      <Alert
        color="green"
        variant="light"
        title={`Found: GitLab${probe.version ? ` ${probe.version}` : ""}`}
      >
        <Text size="sm">
          {probe.baseUrl}
          {probe.tls.used ? ", TLS is in order" : ", without TLS: only for trying out"}
        </Text>
      </Alert>
      <Radio.Group
        label="How shall Fairlead sign in?"
        value={answers.way}
        onChange={(way) => change({ way: way as Answers["way"] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="oauth"
            label="OAuth application"
            description="You consent at GitLab; the grant renews itself."
          />
          <Radio
            value="device"
            label="Device code"
            disabled={!probe.deviceSignIn}
            description={
              probe.deviceSignIn
                ? "Where no browser can come back to this server: you enter a code at GitLab."
                : "This GitLab does not offer it; GitLab 17.2 and newer do."
            }
          />
          <Radio
            value="token"
            label="Access token"
            description="Personal, project or group; it ends on a day and must be replaced by hand."
          />
        </Stack>
      </Radio.Group>
      {answers.way !== "token" ? (
        <>
          <Radio.Group
            label="What may it do?"
            value={answers.access}
            onChange={(access) => change({ access: access as Answers["access"] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="full" label="Read and write (scope api)" />
              <Radio
                value="read"
                label="Only read (scope read_api)"
                description="Offers the actions that list and get."
              />
            </Stack>
          </Radio.Group>
          <Application answers={answers} probe={probe} />
        </>
      ) : (
        <Stack gap="xs">
          <Text size="sm">Make a token at GitLab with</Text>
          <List size="sm">
            <List.Item>
              scope <code>api</code>, or <code>read_api</code> to read only
            </List.Item>
            <List.Item>
              a day of expiry you will remember; Fairlead warns 30, 7 and 1 days ahead
            </List.Item>
          </List>
          <Group>
            <Out href={probe.accessTokenPageUrl}>GitLab&apos;s page for tokens</Out>
          </Group>
        </Stack>
      )}
      <Group>
        <Button onClick={onGo}>Next</Button>
        <Button variant="subtle" onClick={onBack}>
          Back
        </Button>
      </Group>
    </Stack>
  );
}
