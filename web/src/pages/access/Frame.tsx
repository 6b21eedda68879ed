// The frame of the pages in front of the sign-in: one card in the middle.
import { Box, Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function Frame(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <Box component="main" maw={420} mx="auto" px="md" py={{ base: 32, sm: 80 }}>
      <Group gap="xs" mb="md" justify="center">
        <img src="/icon.svg" width={28} height={28} alt="" />
        <Text fw={650} size="lg">
          Fairlead
        </Text>
      </Group>
      <Paper withBorder p="lg" radius="md">
        <Title order={1} size="h4" mb={props.lead ? 4 : "md"}>
          {props.title}
        </Title>
        {props.lead && (
          <Text size="sm" c="dimmed" mb="md">
            {props.lead}
          </Text>
        )}
        {props.children}
      </Paper>
    </Box>
  );
}
