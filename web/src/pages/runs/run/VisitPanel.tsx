// One step as it went: what came in, each attempt, what it waited for, what came out.
import { ActionIcon, Anchor, Badge, Box, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { JournalError } from "../../shared/ErrorPanel";
import { JsonView } from "../../shared/JsonView";
import { StatusChip } from "../../shared/StatusChip";
import { Duration, Moment } from "../../shared/time";
import { paths } from "../links";
import { isEmpty } from "../model/json";
import type { Mark, Visit, Wait } from "../model/story";
import { linkWords, waitingWords } from "../model/words";
import { AttemptPanel } from "./AttemptPanel";

interface Props {
  visit: Visit;
  /** All visits to the same step, this one among them. */
  rounds: readonly Visit[];
  onChoose: (key: string) => void;
  /** The page says its error already. */
  told: boolean;
}

export function VisitPanel({ visit, rounds, onChoose, told }: Props) {
  return (
    <Stack gap="sm" component="section" aria-label={`Step ${visit.name}`}>
      <Box>
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {visit.name}
        </Title>
        {rounds.length > 1 && <Rounds visit={visit} rounds={rounds} onChoose={onChoose} />}
        <Group gap="md">
          <StatusChip status={visit.state} label={visit.caught ? "failed, caught" : visit.state} />
          <Text size="sm" c="dimmed">
            <Moment at={visit.startedAt} />
          </Text>
          <Text size="sm" c="dimmed">
            <Duration begin={visit.startedAt} end={visit.endedAt} />
          </Text>
          {visit.adopted && (
            <Badge variant="light" color="teal">
              Adopted, not sent again
            </Badge>
          )}
        </Group>
        <Group gap="md" mt={4}>
          {visit.link !== "" && (
            <Anchor size="sm" href={visit.link} target="_blank" rel="noreferrer">
              {linkWords(visit.link)} ↗
            </Anchor>
          )}
          {visit.child && (
            <Anchor size="sm" component={Link} href={paths.run(visit.child.run)}>
              Run of {visit.child.workflow} {visit.child.status}
            </Anchor>
          )}
          <Text size="xs" c="dimmed" ff="monospace">
            {visit.pointer}
          </Text>
        </Group>
      </Box>
      {visit.error !== undefined && !told && <JournalError error={visit.error} />}
      <Details visit={visit} />
    </Stack>
  );
}

// A loop or a retry comes by several times: the way from one to the next.
function Rounds({ visit, rounds, onChoose }: Omit<Props, "told">) {
  const at = rounds.indexOf(visit);
  const step = (to: number, label: string, sign: string) => {
    const other = rounds[to];
    return (
      <ActionIcon
        variant="default"
        size="sm"
        aria-label={label}
        disabled={!other}
        onClick={() => other && onChoose(other.key)}
      >
        {sign}
      </ActionIcon>
    );
  };
  return (
    <Group gap={6} my={4} role="group" aria-label="Rounds">
      {step(at - 1, "The round before", "‹")}
      <Text size="sm" c="dimmed">
        Round {at + 1} of {rounds.length}
      </Text>
      {step(at + 1, "The next round", "›")}
    </Group>
  );
}

function Details({ visit }: { visit: Visit }) {
  const attempts = visit.attempts.length;
  const first = attempts > 0 ? "attempts" : !isEmpty(visit.output) ? "output" : "input";
  const happened = visit.waits.length + visit.marks.length;
  return (
    <Tabs key={visit.key} defaultValue={first} keepMounted={false}>
      <Tabs.List>
        {attempts > 0 && <Tabs.Tab value="attempts">Attempts ({attempts})</Tabs.Tab>}
        <Tabs.Tab value="input">Input</Tabs.Tab>
        <Tabs.Tab value="output">Output</Tabs.Tab>
        {happened > 0 && <Tabs.Tab value="happened">What happened ({happened})</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="attempts" pt="sm">
        <Stack gap="sm">
          {visit.attempts.map((attempt) => (
            <AttemptPanel key={`${attempt.number}${attempt.mode}`} attempt={attempt} />
          ))}
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="input" pt="sm">
        <JsonView value={visit.input} label="Input" />
      </Tabs.Panel>
      <Tabs.Panel value="output" pt="sm">
        {visit.output === undefined ? (
          <Text size="sm" c="dimmed">
            It has given nothing{visit.endedAt === "" ? " yet" : ""}.
          </Text>
        ) : (
          <JsonView value={visit.output} label="Output" />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="happened" pt="sm">
        <Happened waits={visit.waits} marks={visit.marks} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Happened({ waits, marks }: { waits: readonly Wait[]; marks: readonly Mark[] }) {
  const lines = [
    ...waits.map((wait) => ({ at: wait.since, wait, mark: undefined })),
    ...marks.map((mark) => ({ at: mark.at, wait: undefined, mark })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <Stack gap={6} component="ol" style={{ listStyle: "none", padding: 0, margin: 0 }}>
      {lines.map(({ at, wait, mark }, i) => (
        <Group key={i} component="li" gap="sm" wrap="nowrap" align="baseline">
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            <Moment at={at} />
          </Text>
          {wait && (
            <Text size="sm">
              {waitingWords(wait.words)}{" "}
              <Text span size="xs" c="dimmed">
                (<Duration begin={wait.since} end={wait.endedAt} />)
              </Text>
            </Text>
          )}
          {mark && <Text size="sm">{mark.words}</Text>}
        </Group>
      ))}
    </Stack>
  );
}
