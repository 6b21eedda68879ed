// The steps of a test, each with its outcome and, where it failed, its fix.
import { Box, List, Stack, Text, ThemeIcon } from "@mantine/core";
import { Words } from "../shared/Words";
import type { Step } from "./connection";

const looks: Record<Step["state"], { color: string; sign: string; word: string }> = {
  ok: { color: "green", sign: "✓", word: "good" },
  failed: { color: "red", sign: "✕", word: "failed" },
  warning: { color: "yellow", sign: "!", word: "warning" },
  skipped: { color: "gray", sign: "–", word: "skipped" },
};

// What was seen, without the certificates, which are listed below it.
function seenOf({ detail, certificates = [] }: Step): string {
  const said = ` Shown: ${certificates.join("; ")}.`;
  return certificates.length > 0 && detail.endsWith(said) ? detail.slice(0, -said.length) : detail;
}

function Certificates({ shown }: { shown: readonly string[] }) {
  return (
    <List size="sm" c="dimmed" aria-label="Certificates the server shows" mt={2}>
      {shown.map((each, i) => (
        <List.Item key={i} style={{ overflowWrap: "anywhere" }}>
          {each}
        </List.Item>
      ))}
    </List>
  );
}

export function Checklist({ steps }: { steps: readonly Step[] }) {
  return (
    <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: "none" }}>
      {steps.map((step) => {
        const look = looks[step.state];
        return (
          <Box component="li" key={step.id} style={{ display: "flex", gap: 10 }}>
            <ThemeIcon size={20} radius="xl" color={look.color} variant="light" mt={1}>
              <span aria-hidden="true">{look.sign}</span>
            </ThemeIcon>
            <Box style={{ minWidth: 0 }}>
              <Text size="sm" fw={500}>
                {step.title}
                <Text
                  span
                  style={{
                    position: "absolute",
                    width: 1,
                    height: 1,
                    overflow: "hidden",
                    clipPath: "inset(50%)",
                  }}
                  size="xs"
                  c="dimmed"
                >
                  {step.state === "ok" ? "" : ` ${look.word}`}
                </Text>
              </Text>
              {step.detail !== "" && (
                <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {seenOf(step)}
                </Text>
              )}
              {step.certificates && <Certificates shown={step.certificates} />}
              {step.fix && (
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  <b>What to do:</b> <Words text={step.fix} />
                </Text>
              )}
            </Box>
          </Box>
        );
      })}
    </Stack>
  );
}
