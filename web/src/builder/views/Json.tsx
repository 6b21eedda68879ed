// A value as text, long ones with a bar.

import { Code, ScrollArea, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { stringify } from "yaml";

const shownMax = 20_000;

export function Json({ label, value }: { label: string; value: unknown }): ReactNode {
  const text = typeof value === "string" ? value : stringify(value, { lineWidth: 0 });
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed">
        {label}
      </Text>
      <ScrollArea.Autosize
        mah={280}
        viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
      >
        <Code block style={{ overflow: "visible", minWidth: "max-content" }}>
          {text.length > shownMax ? text.slice(0, shownMax) + "\n…" : text}
        </Code>
      </ScrollArea.Autosize>
    </div>
  );
}
