// A line to be copied to somewhere else, with a button that does it.
import { ActionIcon, CopyButton, Group, Text, TextInput } from "@mantine/core";

export function CopyLine({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <Group align="flex-end" gap={6} wrap="nowrap">
      <TextInput
        label={label}
        {...(hint ? { description: hint } : {})}
        value={value}
        readOnly
        style={{ flex: 1 }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon variant="default" size={36} onClick={copy} aria-label={`Copy ${label}`}>
            <Text size="sm">{copied ? "✓" : "⧉"}</Text>
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
