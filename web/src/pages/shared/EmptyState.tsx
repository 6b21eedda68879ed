// What a list shows when there is nothing in it: why, and one next step.
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <Title order={2} size="h4">
        {props.title}
      </Title>
      {props.children && (
        <Text c="dimmed" size="sm" maw={440}>
          {props.children}
        </Text>
      )}
      {props.action}
    </Stack>
  );
}
