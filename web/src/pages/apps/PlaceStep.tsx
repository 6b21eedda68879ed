// Step 1: where the GitLab is. A look at it tells at once whether that is right.
import {
  Alert,
  Button,
  Collapse,
  Group,
  Radio,
  Stack,
  Text,
  TextInput,
  Textarea,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Words } from "../shared/Words";
import type { Probe } from "./connection";
import { type Answers, addressFault, baseUrlOf } from "./wizard";

interface Props {
  answers: Answers;
  probe: Probe | undefined;
  change: (part: Partial<Answers>) => void;
  busy: boolean;
  onGo: () => void;
}

function Found({ probe, onUse }: { probe: Probe; onUse: (url: string) => void }) {
  if (probe.reachable && probe.gitlab && !probe.problem) return null;
  const { problem } = probe;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={problem?.title ?? "There is no GitLab to be found there"}
    >
      <Stack gap={4}>
        <Text size="sm">{problem?.message}</Text>
        {problem?.cause && (
          <Text size="sm">
            <b>Why:</b> {problem.cause}
          </Text>
        )}
        {problem?.remedy && (
          <Text size="sm">
            <b>What to do:</b> <Words text={problem.remedy} />
          </Text>
        )}
        {probe.rootPathHint && (
          <Group>
            <Button size="xs" variant="default" onClick={() => onUse(probe.rootPathHint ?? "")}>
              Use {probe.rootPathHint}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

export function PlaceStep({ answers, probe, change, busy, onGo }: Props) {
  const [more, toggle] = useDisclosure(answers.caPem !== "" || answers.proxy !== "");
  const fault = addressFault(answers);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === "") onGo();
      }}
    >
      <Stack mt="sm">
        <Radio.Group
          label="Where is your GitLab?"
          value={answers.place}
          onChange={(place) => change({ place: place as Answers["place"] })}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="gitlab.com" label="GitLab.com" />
            <Radio value="own" label="A server of our own, or GitLab Dedicated" />
          </Stack>
        </Radio.Group>
        {answers.place === "own" && (
          <>
            <TextInput
              label="Its address"
              description="As in your browser, with the path if it lives below one."
              placeholder="https://gitlab.example.com"
              required
              error={fault || undefined}
              value={answers.url}
              onChange={(event) => change({ url: event.currentTarget.value })}
            />
            <UnstyledButton onClick={toggle.toggle} aria-expanded={more}>
              <Text size="sm" c="dimmed">
                {more ? "▾" : "▸"} Private certificate authority, proxy
              </Text>
            </UnstyledButton>
            <Collapse in={more}>
              <Stack gap="sm">
                <Textarea
                  label="Certificate authority (PEM)"
                  description="Only if the server's certificate is signed by your own CA."
                  placeholder="-----BEGIN CERTIFICATE-----"
                  autosize
                  minRows={3}
                  maxRows={8}
                  styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
                  value={answers.caPem}
                  onChange={(event) => change({ caPem: event.currentTarget.value })}
                />
                <TextInput
                  label="Proxy"
                  placeholder="http://proxy.example.com:3128"
                  value={answers.proxy}
                  onChange={(event) => change({ proxy: event.currentTarget.value })}
                />
              </Stack>
            </Collapse>
          </>
        )}
        {probe && probe.baseUrl === baseUrlOf(answers) && (
          <Found probe={probe} onUse={(url) => change({ url })} />
        )}
        <Group>
          <Button type="submit" loading={busy}>
            Look for it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
