// A line to be copied to somewhere else, with a button that does it.
import { ActionIcon, CopyButton, Group, TextInput } from "@mantine/core";

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
            <svg
              width="16"
              height="16"
              viewBox="0 0 16 16"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.4"
              aria-hidden="true"
            >
              <path d={copied ? "M3 8.5l3.5 3.5 6.5-8" : "M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2"} />
            </svg>
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
