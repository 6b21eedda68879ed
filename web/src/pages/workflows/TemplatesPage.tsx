// The gallery of templates: what each does, in words, the main use cases first.

import { Button, Card, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Template } from "../../builder/server/types";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { NewWorkflowButton } from "./NewWorkflow";
import { useTemplates } from "./useWorkflows";
import classes from "./Workflows.module.css";

const first = ["incident-to-issue", "change-to-release", "joiner-access", "leaver-access"];

export function sorted(templates: readonly Template[]): Template[] {
  const rank = (one: Template): number =>
    first.includes(one.id) ? first.indexOf(one.id) : first.length;
  return [...templates].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
}

export default function TemplatesPage(): ReactNode {
  const answer = useTemplates();
  return (
    <Stack gap="md">
      <PageHeader
        above={<Link href="/workflows">Workflows</Link>}
        title="Templates"
        actions={<NewWorkflowButton />}
      >
        Whole workflows. Answer a few questions, look at the result, publish it.
      </PageHeader>
      {answer.error ? (
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      ) : null}
      <div className={classes["cards"]}>
        {sorted(answer.data ?? []).map((template) => (
          <Card
            key={template.id}
            withBorder
            padding="md"
            radius="md"
            component="article"
            style={{ display: "flex" }}
          >
            <Stack gap="xs" h="100%" style={{ flex: 1 }}>
              {template.useCase ? (
                <Text size="xs" c="dimmed" fw={600}>
                  {template.useCase}
                </Text>
              ) : null}
              <Title order={2} size="h5">
                {template.title}
              </Title>
              <Text size="sm" style={{ flex: 1 }}>
                {template.summary}
              </Text>
              {template.trigger ? (
                <Text size="xs" c="dimmed">
                  Starts {startWords(template.trigger)} · {template.fields.length} questions
                </Text>
              ) : null}
              <Button
                component={Link}
                href={`/workflows/templates/${template.id}`}
                variant="light"
                fullWidth
                aria-label={`Use ${template.title}`}
              >
                Use it
              </Button>
            </Stack>
          </Card>
        ))}
      </div>
    </Stack>
  );
}

function startWords(trigger: string): string {
  return /^(on|by|at|every) /.test(trigger) ? trigger : `on ${trigger}`;
}
