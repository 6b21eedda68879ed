// Events to begin with: what the published workflows wait for, with a sample of each template.
import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { server } from "../../api/server";
import { query } from "../shared/api";

// Of so many workflows those that begin with an event.
const lookedAt = 100;
const shownMax = 8;

export interface Sample {
  type: string;
  subject: string;
  data: string; // JSON text
}

const known: Record<string, { subject: string; data: object }> = {
  "com.example.incident.opened": {
    subject: "INC-42",
    data: { title: "Disk full on db-1", service: "database", severity: 2 },
  },
  "com.example.change.approved": {
    subject: "CHG-7",
    data: { iid: 1, ref: "main", approved_by: "alice" },
  },
  "com.example.person.joined": {
    subject: "eve",
    data: { name: "Eve Newcomer", email: "eve@example.com", groups: [], projects: [] },
  },
  "com.example.person.left": { subject: "bob", data: { name: "Bob", username: "bob" } },
};

// An event type, and nothing else: no schedule, no "by hand".
function isType(text: string): boolean {
  return /^[\w-]+(\.[\w-]+)+$/.test(text);
}

export function Samples({ onChoose }: { onChoose: (sample: Sample) => void }) {
  const workflows = useQuery({
    queryKey: ["workflows", "types"],
    queryFn: () => server.get(`/workflows${query({ status: "published", limit: lookedAt })}`),
    staleTime: 60_000,
  });
  const fitting = (workflows.data?.items ?? []).filter((each) => isType(each.startsOn ?? ""));
  if (fitting.length === 0) return null;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        Start:
      </Text>
      {fitting.slice(0, shownMax).map((each) => (
        <Button
          key={each.name}
          size="compact-sm"
          variant="default"
          maw="100%"
          title={each.startsOn}
          onClick={() => {
            const type = each.startsOn ?? "";
            const sample = known[type] ?? { subject: "", data: {} };
            onChoose({
              type,
              subject: sample.subject,
              data: JSON.stringify(sample.data, null, 2),
            });
          }}
        >
          <Text span inherit truncate>
            {each.title || each.name}
          </Text>
        </Button>
      ))}
    </Group>
  );
}
