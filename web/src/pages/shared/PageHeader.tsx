// The top of a page: its name, one sentence, and what can be done.
import { Box, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  above?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, above, children, actions }: Props) {
  return (
    <Group justify="space-between" align="flex-end" mb="md" gap="sm">
      <Box style={{ minWidth: 0, flex: "1 1 260px" }}>
        {above && (
          <Text size="xs" c="dimmed" component="div">
            {above}
          </Text>
        )}
        <Title order={1} size="h3" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
      </Box>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
