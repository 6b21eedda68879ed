// A secret that is shown this once: to copy, and then gone.
import { Alert, Button, Code, CopyButton, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  value: string;
  children: ReactNode;
  onClose: () => void;
}

export function OnceShown({ title, value, children, onClose }: Props) {
  return (
    <Alert
      color="green"
      title={title}
      mb="md"
      withCloseButton
      closeButtonLabel="Hide it"
      onClose={onClose}
      role="status"
    >
      <Group gap="xs" wrap="nowrap">
        <Code
          block
          style={{ flex: 1, minWidth: 0, overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}
        >
          {value}
        </Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" mt="xs">
        {children} It is not shown again.
      </Text>
    </Alert>
  );
}
