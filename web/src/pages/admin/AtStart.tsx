// What the server was started with: shown, not set here.
import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { settingsKey } from "./Retention";
import { bytesWords } from "./statusWords";

export function AtStart() {
  const settings = useQuery({ queryKey: settingsKey, queryFn: () => server.get("/settings") });
  if (!settings.data) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Given at the start">
      <Title order={2} size="h5">
        Given at the start
      </Title>
      {factsOf(settings.data.atStart).map(([label, value]) => (
        <Text key={label} size="sm">
          {label}: {value}
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        These are options of <code>fairlead serve</code>; they change with its next start.
      </Text>
    </Stack>
  );
}

function factsOf(atStart: Answer<"get", "/settings">["atStart"]): [string, string][] {
  const names = (list: string[]) => (list.length === 0 ? "none" : list.join(", "));
  return [
    ["Public URL", atStart.publicUrl],
    ["Outgoing requests are given up after", `${atStart.requestTimeoutSeconds} s`],
    ["One value of a run has at most", bytesWords(atStart.payloadMaxBytes)],
    ["Trusted proxies", names(atStart.trustedProxies)],
    ["Private addresses that workflows may call", names(atStart.allowedPrivate)],
    ["GitLab servers that may be reached without https", names(atStart.allowedHttp)],
  ];
}
