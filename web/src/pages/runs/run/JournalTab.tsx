// The raw journal: every entry as the engine wrote it.
import { Text } from "@mantine/core";
import { useState } from "react";
import { Button, Group, Stack } from "@mantine/core";
import { JsonView } from "../../shared/JsonView";
import { Moment } from "../../shared/time";
import type { JournalEntry } from "../model/run";
import classes from "./JournalTab.module.css";

const pageSize = 200;

export function JournalTab({ journal }: { journal: readonly JournalEntry[] }) {
  const [shown, setShown] = useState(pageSize);
  return (
    <Stack gap="xs">
      <div className={classes.list}>
        {journal.slice(0, shown).map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </div>
      {journal.length > shown && (
        <Group justify="center">
          <Button size="xs" variant="subtle" onClick={() => setShown(shown + pageSize)}>
            Show {Math.min(pageSize, journal.length - shown)} more of {journal.length}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Entry({ entry }: { entry: JournalEntry }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.entry} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text span size="xs" c="dimmed" className={classes.seq}>
          {entry.seq}
        </Text>
        <Text span size="xs" c="dimmed">
          <Moment at={entry.at} />
        </Text>
        <Text span size="sm" fw={500}>
          {entry.kind}
        </Text>
        <Text span size="xs" c="dimmed" ff="monospace" className={classes.task}>
          {entry.task}
        </Text>
      </summary>
      {open && <JsonView value={entry.payload} label={`Entry ${entry.seq}`} />}
    </details>
  );
}
