// Everything about the selected step: its name, its values, when it runs and what it keeps, trying
// it out.

import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Group,
  Stack,
  Tabs,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useAction, useBuilder } from "../context";
import { pointerOf, valueAt } from "../document/path";
import { fieldsOf } from "../model/fields";
import { uncovered } from "../model/coverage";
import {
  coveredOf,
  inputForm,
  kindForms,
  optionsForm,
  outputForm,
  timeoutForm,
} from "../model/kindForms";
import { flattened, isData, type Step } from "../model/outline";
import { nameFault } from "../model/rename";
import { StepTest } from "../panels/StepTest";
import { problemsAt } from "../useProblems";
import { useStepActions } from "../useStepActions";
import { Icon, kindLabels } from "../views/Icon";
import { StepMenu } from "../views/StepMenu";
import { CasesInput } from "./CasesInput";
import { EventsInput } from "./EventsInput";
import { CaughtInput, ContinueInput, KeepInput } from "./FlowInputs";
import { HttpInput } from "./HttpInput";
import { KindFields } from "./KindFields";
import { MapInput } from "./MapInput";
import { RetryInput } from "./RetryInput";
import { SchemaForm } from "./SchemaForm";

interface Props {
  step: Step;
  onClose: () => void;
}

export function StepForm({ step, onClose }: Props): ReactNode {
  const { problems } = useBuilder();
  const action = useAction(step.call).data;
  const faults = problemsAt(problems, pointerOf(step.path)).filter(
    (problem) => !step.blocks.some((block) => problem.pointer.startsWith(pointerOf(block.list))),
  );
  return (
    <Stack gap="md" p="md">
      <Group wrap="nowrap" align="flex-start" gap="xs">
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text size="xs" c="dimmed">
            {step.kind === "action" ? "Action" : step.kind === "try" ? "Try and catch" : "Step"}
          </Text>
          <Title order={3} size="h4">
            {action?.title ?? (step.kind === "action" ? step.call : kindLabels[step.kind])}
          </Title>
        </div>
        <StepMenu step={step} />
        <ActionIcon variant="subtle" color="gray" aria-label="Close the form" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </Group>
      {action ? (
        <Text size="sm" c="dimmed" component="div">
          {action.description}{" "}
          {action.docsUrl === "" ? null : (
            <Anchor
              href={action.docsUrl}
              target="_blank"
              rel="noreferrer"
              underline="always"
              size="sm"
            >
              GitLab&apos;s page
            </Anchor>
          )}{" "}
          {action.scope === "none" ? null : (
            <Badge size="xs" variant="default" tt="none">
              {action.scope}
            </Badge>
          )}{" "}
          {action.role === "none" ? null : (
            <Badge size="xs" variant="default" tt="none">
              {action.role} or more
            </Badge>
          )}
        </Text>
      ) : null}
      <NameInput key={step.name} step={step} />
      {faults.map((fault) => (
        <Alert
          key={fault.pointer + fault.message}
          p="xs"
          color={fault.severity === "error" ? "red" : "yellow"}
          icon={<Icon name={fault.severity} />}
        >
          {fault.message}
        </Alert>
      ))}
      <Tabs defaultValue="values" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="values">Values</Tabs.Tab>
          <Tabs.Tab value="flow">Flow</Tabs.Tab>
          <Tabs.Tab value="test">Try it</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="values" pt="md">
          <Values step={step} schema={action?.inputSchema} />
        </Tabs.Panel>
        <Tabs.Panel value="flow" pt="md">
          <Flow step={step} />
        </Tabs.Panel>
        <Tabs.Panel value="test" pt="md">
          <StepTest step={step} action={action} />
        </Tabs.Panel>
      </Tabs>
      <Elsewhere step={step} />
    </Stack>
  );
}

function NameInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const { rename } = useStepActions();
  const [name, setName] = useState(step.name);
  const others = flattened(document.steps)
    .map((one) => one.step.name)
    .filter((other) => other !== step.name);
  const fault = name === step.name ? "" : nameFault(name, others);
  const done = (): void => {
    if (name !== step.name && fault === "") rename(step, name);
    else if (fault !== "") setName(step.name);
  };
  return (
    <TextInput
      label="Name of the step"
      value={name}
      error={fault === "" ? undefined : fault}
      spellCheck={false}
      onBlur={done}
      onChange={(event) => {
        setName(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
      }}
    />
  );
}

function Values({ step, schema }: { step: Step; schema: unknown }): ReactNode {
  const { document, connections } = useBuilder();
  if (step.kind === "action") {
    if (schema === undefined)
      return (
        <Text size="sm" c="dimmed">
          This action is not in the catalogue. Its values are in the YAML view.
        </Text>
      );
    const fields = fieldsOf(schema);
    // Only where there is a choice.
    const which =
      connections.length > 1 && step.call.endsWith("@gitlab")
        ? fieldsOf({
            properties: {
              connection: {
                title: "Connection",
                description: "Which GitLab. The default one, if left out.",
                enum: connections.map((one) => one.name),
                "x-fairlead": { order: 0 },
              },
            },
          })
        : [];
    const order = ["connection", ...fields.map((field) => field.name)];
    return (
      <SchemaForm
        key={pointerOf(step.body)}
        fields={[...fields, ...which]}
        base={[...step.body, "with"]}
        order={order}
      />
    );
  }
  if (step.kind === "set") {
    const value = valueAt(document.source.data, [...step.body, "set"]);
    if (isData(value)) return <MapInput path={[...step.body, "set"]} value={value} />;
    return (
      <SchemaForm
        fields={fieldsOf({
          properties: {
            set: { title: "Value", type: "string", "x-fairlead": { widget: "expression" } },
          },
        })}
        base={step.body}
      />
    );
  }
  if (step.kind === "switch") return <CasesInput step={step} />;
  if (step.kind === "http") return <HttpInput step={step} />;
  const forms = kindForms[step.kind] ?? [];
  if (forms.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {step.kind === "do" ? "A group has only its steps." : "Its values are in the YAML view."}
      </Text>
    );
  return (
    <Stack gap="md">
      {step.kind === "listen" ? (
        <EventsInput path={[...step.body, "listen", "to"]} values="expressions" />
      ) : null}
      {forms.map((form) => (
        <KindFields key={form.path.join("/")} body={step.body} form={form} />
      ))}
      {step.kind === "try" ? <CaughtInput step={step} /> : null}
      {step.kind === "try" ? <RetryInput step={step} /> : null}
    </Stack>
  );
}

function Flow({ step }: { step: Step }): ReactNode {
  return (
    <Stack gap="md">
      <KindFields body={step.body} form={optionsForm} />
      <ContinueInput step={step} />
      <KeepInput step={step} />
      <KindFields body={step.body} form={timeoutForm} />
      <KindFields body={step.body} form={outputForm} />
      <KindFields body={step.body} form={inputForm} />
    </Stack>
  );
}

/** What the step says besides, which no form shows. */
function Elsewhere({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const left = uncovered(valueAt(document.source.data, step.body), coveredOf(step.kind));
  if (left.length === 0 || step.kind === "other") return null;
  return (
    <Text size="xs" c="dimmed">
      Only in the YAML view, which opens at this step:{" "}
      {left.map((path, index) => (
        <span key={path}>
          {index > 0 ? ", " : ""}
          <code>{path}</code>
        </span>
      ))}
    </Text>
  );
}
