// What differs between two versions: step by step in words, and the lines.

import { Badge, Group, ScrollArea, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Change, Difference } from "../server/types";
import classes from "./DiffView.module.css";

const colours: Record<Change["change"], string> = {
  added: "green",
  removed: "red",
  changed: "blue",
  moved: "gray",
};

export function DiffView({ difference }: { difference: Difference }): ReactNode {
  const lines = difference.text.split("\n").filter((line) => !/^(---|\+\+\+) /.test(line));
  return (
    <Stack gap="sm">
      {difference.changes.length === 0 && difference.text === "" ? (
        <Text size="sm">They are the same.</Text>
      ) : null}
      {difference.changes.map((change) => (
        <Group key={`${change.change} ${change.pointer}`} gap="xs" wrap="nowrap" align="flex-start">
          <Badge size="sm" variant="light" color={colours[change.change]} tt="none">
            {change.change}
          </Badge>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {change.pointer}
            {change.before ? ` (was ${change.before})` : ""}
            {change.changed ? (
              <Text span c="dimmed">
                : {change.changed.join(", ")}
              </Text>
            ) : null}
          </Text>
        </Group>
      ))}
      {difference.text === "" ? null : (
        <ScrollArea.Autosize
          mah="45vh"
          viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Changed lines" }}
        >
          <pre className={classes["diff"]}>
            {lines.map((line, index) => (
              <span key={index} data-sign={line[0]} className={classes["line"]}>
                {line + "\n"}
              </span>
            ))}
          </pre>
        </ScrollArea.Autosize>
      )}
    </Stack>
  );
}
