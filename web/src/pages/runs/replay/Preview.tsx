// What a replay would do to each effect of the old run, with a choice where there is one.
import { Anchor, Group, Loader, SegmentedControl, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Schema } from "../../../api/routes";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { fateWords, type PlannedEffect } from "../model/effects";
import { callName, linkWords, taskName } from "../model/words";
import classes from "../run/EffectsTab.module.css";

export type ReplayPreview = Schema<"ReplayPreview">;

interface Props {
  preview: UseQueryResult<ReplayPreview>;
  onChoose: (effect: string, choice: "adopt" | "repeat") => void;
}

export function Preview({ preview, onChoose }: Props) {
  if (preview.isError) return <ErrorPanel error={preview.error} />;
  if (!preview.data)
    return (
      <Group gap="xs">
        <Loader size="xs" />
        <Text size="sm">Looking at what already happened…</Text>
      </Group>
    );
  const { effects } = preview.data;
  return (
    <Stack gap="xs" aria-live="polite" aria-busy={preview.isFetching}>
      <Text size="sm" fw={500}>
        What already happened
      </Text>
      {effects.length === 0 && (
        <Text size="sm" c="dimmed">
          The old run changed nothing outside from there on.
        </Text>
      )}
      {effects.map((effect) => (
        <PlannedRow key={effect.effect} effect={effect} onChoose={onChoose} />
      ))}
    </Stack>
  );
}

function PlannedRow({ effect, onChoose }: { effect: PlannedEffect; onChoose: Props["onChoose"] }) {
  const fixed = effect.fate === "keep";
  return (
    <div className={classes.effect}>
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={500}>
            {taskName(effect.task)}{" "}
            <Text span size="xs" c="dimmed">
              {callName(effect.call)}
            </Text>
          </Text>
          <Text size="xs" c="dimmed">
            {effect.link !== "" && (
              <>
                <Anchor href={effect.link} target="_blank" rel="noreferrer" size="xs">
                  {linkWords(effect.link)}
                </Anchor>{" "}
              </>
            )}
            {fateWords[effect.fate]}
          </Text>
        </div>
        {!fixed && (
          <SegmentedControl
            size="xs"
            aria-label={`What becomes of ${taskName(effect.task)}`}
            value={effect.fate === "repeat" ? "repeat" : "adopt"}
            onChange={(next) => onChoose(effect.effect, next as "adopt" | "repeat")}
            data={[
              { value: "adopt", label: effect.fate === "look-up" ? "Look up" : "Take over" },
              { value: "repeat", label: "Do again" },
            ]}
          />
        )}
      </Group>
    </div>
  );
}
