// On every page: the server does not answer. What is shown stays; it is asked again by itself.
import { Alert, Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useServerAway } from "../api/reach";

export function AwayBanner() {
  const queries = useQueryClient();
  if (!useServerAway()) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      mb="md"
      role="alert"
      title="The server cannot be reached"
      style={{ position: "sticky", top: 56, zIndex: 10 }}
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          What you see is what was known. It is asked again every few seconds and goes on by itself.
        </Text>
        <Button size="xs" variant="default" onClick={() => void queries.refetchQueries()}>
          Try again now
        </Button>
      </Group>
    </Alert>
  );
}
