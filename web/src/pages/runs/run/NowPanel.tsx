// What a run waits for, by name: since when, until when, where to look, and what one can do.
import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { JournalError } from "../../shared/ErrorPanel";
import { Duration, FromNow } from "../../shared/time";
import { paths } from "../links";
import { isPaused, type Run } from "../model/run";
import { currentWait, visitsOf, type Story, type Visit } from "../model/story";
import { linkWords, waitingWords } from "../model/words";

interface Props {
  run: Run;
  story: Story;
  onSettle: (visit: Visit) => void;
  onShow: (key: string) => void;
}

export function NowPanel({ run, story, onSettle, onShow }: Props) {
  if (run.status === "faulted") return <JournalError error={run.error} />;
  if (isPaused(run))
    return (
      <Alert color="yellow" title="Paused">
        {waitingWords(run.waitingFor)}
      </Alert>
    );
  if (run.endedAt !== null) return null;
  const asking = [...visitsOf(story.tasks)].filter((visit) => visit.state === "suspended");
  const waiting = [...visitsOf(story.tasks)].filter(
    (visit) => currentWait(visit) && visit.state === "waiting",
  );
  if (asking.length + waiting.length === 0) return null;
  return (
    <Stack gap="xs" mb="md" aria-label="What this run waits for" role="group">
      {asking.map((visit) => (
        <Alert
          key={visit.key}
          color="orange"
          title={`A person must say what became of ${visit.name}`}
        >
          <Text size="sm">{visit.marks[visit.marks.length - 1]?.words}</Text>
          <Group gap="xs" mt="xs">
            <Button size="xs" onClick={() => onSettle(visit)}>
              Settle it…
            </Button>
            <Button size="xs" variant="subtle" onClick={() => onShow(visit.key)}>
              Show the step
            </Button>
          </Group>
        </Alert>
      ))}
      {waiting.map((visit) => (
        <WaitLine key={visit.key} visit={visit} onShow={onShow} />
      ))}
    </Stack>
  );
}

// An approval is named by the effect that asked for it.
export function approvalOf(visit: Visit): string {
  const last = visit.attempts[visit.attempts.length - 1];
  return last && last.call.startsWith("request-approval:") ? last.marker : "";
}

function capital(words: string): string {
  return words === "" ? "" : words[0]!.toUpperCase() + words.slice(1);
}

function WaitLine({ visit, onShow }: { visit: Visit; onShow: (key: string) => void }) {
  const wait = currentWait(visit)!;
  const link = wait.link || visit.link;
  const approval = approvalOf(visit);
  return (
    <Alert color="blue" p="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <b>{capital(waitingWords(wait.words))}</b>{" "}
          <Text span size="sm" c="dimmed">
            for <Duration begin={wait.since} />
            {wait.until !== "" && (
              <>
                , goes on <FromNow at={wait.until} />
              </>
            )}
          </Text>
        </Text>
        <Group gap="xs">
          {link !== "" && (
            <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
              {linkWords(link)} ↗
            </Anchor>
          )}
          {approval !== "" && (
            <Button component={Link} href={paths.approval(approval)} size="compact-sm">
              Decide
            </Button>
          )}
          {visit.child && (
            <Anchor component={Link} href={paths.run(visit.child.run)} size="sm">
              Show that run
            </Anchor>
          )}
          <Button size="compact-sm" variant="subtle" onClick={() => onShow(visit.key)}>
            Show the step
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
