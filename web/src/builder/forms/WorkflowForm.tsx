// The workflow itself: what it is called, and what starts it.

import { ActionIcon, Group, Select, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { valueAt, type Path } from "../document/path";
import type { Edit } from "../document/plain";
import { uncovered } from "../model/coverage";
import { fieldsOf } from "../model/fields";
import { isData, text, triggerWords } from "../model/outline";
import { coveredOfWorkflow, workflowForms } from "../model/workflowForms";
import { Icon } from "../views/Icon";
import { EventsInput } from "./EventsInput";
import { KindFields } from "./KindFields";
import { SchemaForm } from "./SchemaForm";
import { useTyping } from "./useTyping";

const rootOrder = ["document", "schedule", "input", "use", "timeout", "do", "output"];

type Trigger = "hand" | "event" | "cron" | "every" | "after" | "other";

const triggers: { value: Trigger; label: string }[] = [
  { value: "event", label: "An event comes" },
  { value: "cron", label: "At certain times (cron)" },
  { value: "every", label: "Again and again" },
  { value: "after", label: "Some time after its last run" },
  { value: "hand", label: "By hand, or another workflow" },
];

function triggerOf(schedule: unknown): Trigger {
  if (!isData(schedule)) return "hand";
  for (const kind of ["cron", "every", "after"] as const) if (kind in schedule) return kind;
  return isData(schedule["on"]) ? "event" : "other";
}

const begun: Record<Trigger, unknown> = {
  hand: undefined,
  other: undefined,
  event: { on: { one: { with: { type: "com.example.incident.opened" } } }, read: "data" },
  cron: { cron: "0 9 * * mon-fri" },
  every: { every: "PT1H" },
  after: { after: "PT1H" },
};

const fromEvent = 'if type == "array" then .[0] else . end';

export function WorkflowForm({ onClose }: { onClose: () => void }): ReactNode {
  const { document } = useBuilder();
  const data = document.source.data;
  const schedule = valueAt(data, ["schedule"]);
  const trigger = triggerOf(schedule);
  const choose = (next: Trigger): void => {
    const edits: Edit[] =
      begun[next] === undefined
        ? schedule === undefined
          ? []
          : [{ kind: "remove", path: ["schedule"] }]
        : [{ kind: "set", path: ["schedule"], value: begun[next], order: rootOrder }];
    // An event starts a run with a list of one; a person who starts it gives the data itself.
    if (next === "event" && valueAt(data, ["input", "from"]) === undefined) {
      edits.push({ kind: "set", path: ["input", "from"], value: fromEvent, order: rootOrder });
    }
    document.apply(edits);
  };
  return (
    <Stack gap="md" p="md">
      <Group wrap="nowrap" align="flex-start">
        <div style={{ flex: 1 }}>
          <Text size="xs" c="dimmed">
            Workflow
          </Text>
          <Title order={3} size="h4">
            What it is and what starts it
          </Title>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close the form" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </Group>
      <Words label="Title" path={["document", "title"]} />
      <Words label="Summary" path={["document", "summary"]} lines={2} />
      <Select
        label="Starts when"
        data={
          trigger === "other"
            ? [...triggers, { value: "other", label: triggerWords(data) }]
            : triggers
        }
        value={trigger}
        allowDeselect={false}
        onChange={(next) => {
          choose((next ?? "hand") as Trigger);
        }}
      />
      <TriggerFields trigger={trigger} />
      <WholeFields />
    </Stack>
  );
}

const span = { "x-fairlead": { widget: "span", literal: true } };
const cronHelp =
  "Minute, hour, day of month, month, day of week. 30 6 * * mon-fri is 6:30 on working days.";

function TriggerFields({ trigger }: { trigger: Trigger }): ReactNode {
  const one = (name: string, schema: object): ReactNode => (
    <SchemaForm fields={fieldsOf({ properties: { [name]: schema } })} base={["schedule"]} />
  );
  switch (trigger) {
    case "event":
      return (
        <>
          <EventsInput path={["schedule", "on"]} values="literals" />
          {one("read", {
            type: "string",
            title: "What a run gets",
            description: "A list of the events' data, or of the events with their envelope.",
            enum: ["data", "envelope", "raw"],
            "x-fairlead": { literal: true },
          })}
        </>
      );
    case "cron":
      return (
        <>
          {one("cron", {
            type: "string",
            title: "Times",
            description: cronHelp,
            "x-fairlead": { literal: true },
          })}
          <SchemaForm
            base={["document", "metadata", "schedule"]}
            keep={["document"]}
            fields={fieldsOf({
              properties: {
                timezone: {
                  type: "string",
                  title: "Time zone",
                  description: "UTC, if left out.",
                  "x-fairlead": { literal: true },
                  examples: ["Europe/Berlin"],
                },
                overlap: {
                  type: "string",
                  title: "If the last run has not ended",
                  enum: ["skip", "allow"],
                  "x-fairlead": {
                    literal: true,
                    labels: { skip: "Leave this start out", allow: "Start all the same" },
                  },
                },
              },
            })}
          />
        </>
      );
    case "every":
      return one("every", {
        type: "string",
        title: "Every",
        description: "A duration: PT15M is a quarter of an hour.",
        ...span,
      });
    case "after":
      return one("after", {
        type: "string",
        title: "After",
        description: "A duration, from the end of the last run.",
        ...span,
      });
    case "hand":
      return (
        <Text size="sm" c="dimmed">
          It is started with Run, by the API, or by another workflow&apos;s step.
        </Text>
      );
    case "other":
      return (
        <Text size="sm" c="dimmed">
          What starts it is written by hand: see the YAML view.
        </Text>
      );
  }
}

/** What holds for the whole run. */
function WholeFields(): ReactNode {
  const { document } = useBuilder();
  const left = uncovered(document.source.data, coveredOfWorkflow);
  return (
    <>
      {workflowForms.map((form) => (
        <KindFields key={form.path.join(".")} body={[]} form={form} />
      ))}
      {left.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          Only in the YAML view: <code>{left.join(", ")}</code>
        </Text>
      )}
    </>
  );
}

function Words({ label, path, lines }: { label: string; path: Path; lines?: number }): ReactNode {
  const { document } = useBuilder();
  const value = text(valueAt(document.source.data, path));
  const typing = useTyping(value, (next) => {
    if (next !== value)
      document.apply(
        [
          next === ""
            ? { kind: "remove", path }
            : {
                kind: "set",
                path,
                value: next,
                order: ["dsl", "namespace", "name", "version", "title", "summary"],
              },
        ],
        { about: label },
      );
  });
  const shared = { label, value: typing.text, onBlur: typing.settle };
  return lines ? (
    <Textarea
      {...shared}
      autosize
      minRows={lines}
      onChange={(event) => {
        typing.change(event.currentTarget.value);
      }}
    />
  ) : (
    <TextInput
      {...shared}
      onChange={(event) => {
        typing.change(event.currentTarget.value);
      }}
    />
  );
}
