// The ways of a `switch`: each has a condition and says where the run goes on. The first that holds
// is taken; one without a condition is for the rest.

import { ActionIcon, Button, Card, Group, Select, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { fieldOf } from "../model/fields";
import type { Case, Step } from "../model/outline";
import { Icon } from "../views/Icon";
import { FieldInput } from "./FieldInput";
import { useTargets } from "./FlowInputs";
import { useTyping } from "./useTyping";

export function CasesInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const list = [...step.body, "switch"];
  const add = (): void => {
    let number = step.cases.length + 1;
    while (step.cases.some((one) => one.name === `case${number}`)) ++number;
    // The last one without a condition stays last.
    const index = step.cases.at(-1)?.when === "" ? step.cases.length - 1 : step.cases.length;
    document.apply([
      {
        kind: "insert",
        list,
        index,
        value: { [`case${number}`]: { when: "true", then: "continue" } },
      },
    ]);
  };
  return (
    <Stack gap="sm">
      {step.cases.map((one, index) => (
        <CaseInput key={`${index} ${one.name}`} step={step} one={one} index={index} />
      ))}
      <Button variant="default" leftSection={<Icon name="plus" size={12} />} onClick={add}>
        Add a way
      </Button>
    </Stack>
  );
}

function CaseInput({ step, one, index }: { step: Step; one: Case; index: number }): ReactNode {
  const { document } = useBuilder();
  const targets = useTargets(step);
  const item = [...step.body, "switch", index];
  const body = [...item, one.name];
  const taken = step.cases.map((other) => other.name);
  const typing = useTyping(one.name, (next) => {
    if (next !== "" && !taken.includes(next))
      document.apply([{ kind: "rename", path: body, to: next }]);
  });
  const when = fieldOf(
    "when",
    {
      title: "If",
      description: "Without a condition: for the rest.",
      "x-fairlead": { widget: "expression" },
    },
    false,
  );
  return (
    <Card withBorder padding="sm">
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            style={{ flex: 1 }}
            label="Name"
            value={typing.text}
            onBlur={typing.settle}
            onChange={(event) => {
              typing.change(event.currentTarget.value);
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mb={4}
            aria-label={`Move ${one.name} up`}
            disabled={index === 0}
            onClick={() => {
              document.apply([
                { kind: "move", from: item, list: item.slice(0, -1), index: index - 1 },
              ]);
            }}
          >
            ↑
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            mb={4}
            aria-label={`Remove ${one.name}`}
            disabled={step.cases.length === 1}
            onClick={() => {
              document.apply([{ kind: "remove", path: item }]);
            }}
          >
            <Icon name="close" size={12} />
          </ActionIcon>
        </Group>
        <FieldInput
          field={when}
          path={[...body, "when"]}
          value={one.when === "" ? undefined : one.when}
          siblings={{}}
          onChange={(value, extra = []) => {
            document.apply(
              [
                ...extra,
                value === undefined
                  ? { kind: "remove", path: [...body, "when"] }
                  : { kind: "set", path: [...body, "when"], value, order: ["when", "then"] },
              ],
              { about: body.join("/") },
            );
          }}
        />
        <Select
          label="Then"
          data={targets}
          value={one.then === "" ? "continue" : one.then}
          allowDeselect={false}
          onChange={(next) => {
            document.apply([
              {
                kind: "set",
                path: [...body, "then"],
                value: next ?? "continue",
                order: ["when", "then"],
              },
            ]);
          }}
        />
      </Stack>
    </Card>
  );
}
