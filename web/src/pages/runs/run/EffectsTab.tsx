// What a run did outside: each effect, whether it is certain, and the word of a person where nobody
// can look it up.
import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../../api/server";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { JsonView } from "../../shared/JsonView";
import { StatusChip } from "../../shared/StatusChip";
import { Moment } from "../../shared/time";
import { effectWords, type Effect } from "../model/effects";
import { isEmpty } from "../model/json";
import { callName, linkWords, taskName } from "../model/words";
import classes from "./EffectsTab.module.css";

export function useEffects(run: string, version: number) {
  return useQuery({
    queryKey: ["effects", run, version],
    queryFn: () => server.get(`/runs/${run}/effects`),
    placeholderData: (before) => before,
  });
}

interface Props {
  run: string;
  version: number; // of the journal
  onSettle: (task: string) => void;
}

export function EffectsTab({ run, version, onSettle }: Props) {
  const effects = useEffects(run, version);
  if (effects.isError)
    return <ErrorPanel error={effects.error} onRetry={() => void effects.refetch()} />;
  if (!effects.data) return <Skeleton height={120} />;
  if (effects.data.items.length === 0) {
    return (
      <EmptyState title="It changed nothing outside">
        Reads leave no trace, so they are not listed here.
      </EmptyState>
    );
  }
  return (
    <Stack gap="xs">
      {effects.data.items.map((effect) => (
        <EffectRow key={effect.effect} effect={effect} onSettle={onSettle} />
      ))}
    </Stack>
  );
}

function EffectRow({ effect, onSettle }: { effect: Effect; onSettle: (task: string) => void }) {
  const [shown, setShown] = useState(false);
  const state = effectWords[effect.state] ?? { status: "unknown", words: effect.state };
  return (
    <div className={classes.effect}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <StatusChip status={state.status} label={state.words} />
          <Text size="sm" fw={500}>
            {taskName(effect.task)}
          </Text>
          <Text size="sm" c="dimmed">
            {effect.kind} · {callName(effect.call)}
          </Text>
        </Group>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            <Moment at={effect.at} />
          </Text>
          {effect.link !== "" && (
            <Anchor href={effect.link} target="_blank" rel="noreferrer" size="sm">
              {linkWords(effect.link)} ↗
            </Anchor>
          )}
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={shown}
            onClick={() => setShown(!shown)}
          >
            Details
          </Button>
        </Group>
      </Group>
      {effect.waitsForDecision && (
        <Alert color="orange" mt="xs" p="sm">
          <Group justify="space-between">
            <Text size="sm">
              Nobody can look up whether this took effect. Look at GitLab, then say what is true.
            </Text>
            <Button size="xs" onClick={() => onSettle(effect.task)}>
              Settle it…
            </Button>
          </Group>
        </Alert>
      )}
      {shown && (
        <Stack gap="xs" mt="xs">
          <JsonView value={effect.input} label="Arguments" />
          {!isEmpty(effect.output) && <JsonView value={effect.output} label="What came of it" />}
          {!isEmpty(effect.candidates) && (
            <JsonView value={effect.candidates} label="What it may be" />
          )}
        </Stack>
      )}
    </div>
  );
}
