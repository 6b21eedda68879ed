// Which events are waited for, or start the workflow: one, any or all of some filters, each with
// what the event must have and by what it belongs to this run.

import { ActionIcon, Button, Card, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { pointerOf, valueAt, type Path } from "../document/path";
import {
  addEdits,
  eventsOf,
  freeKey,
  strategyEdits,
  type EventFilter,
  type Strategy,
} from "../model/eventFilters";
import { fieldsOf } from "../model/fields";
import { isData } from "../model/outline";
import { Icon } from "../views/Icon";
import { SchemaForm } from "./SchemaForm";
import { useTyping } from "./useTyping";

interface Props {
  /** listen.to, schedule.on */
  path: Path;
  /** "expressions": values may be computed. What starts a workflow says what it says. */
  values: "expressions" | "literals";
}

const words: Record<Strategy, string> = {
  one: "One event",
  any: "Any of several events",
  all: "All of several events",
};

export function EventsInput({ path, values }: Props): ReactNode {
  const { document } = useBuilder();
  const value = valueAt(document.source.data, path);
  const events = eventsOf(value, path);
  const { strategy, filters } = events;
  const choices = (Object.keys(words) as Strategy[]).map((each) => ({
    value: each,
    label: words[each],
    // Which of them would stay is for the person to say.
    disabled: each === "one" && filters.length > 1,
  }));
  return (
    <Stack gap="sm">
      <Select
        label="Events"
        description={
          strategy === "any" && filters.length === 0 ? "Without a filter: every event." : undefined
        }
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={choices}
        value={strategy}
        placeholder="Written by hand: see the YAML view"
        allowDeselect={false}
        onChange={(next) => {
          if (next) document.apply(strategyEdits(value, path, next as Strategy));
        }}
      />
      {filters.map((filter, index) => (
        <Filter
          key={pointerOf(filter.path)}
          filter={filter}
          number={filters.length > 1 ? index + 1 : 0}
          values={values}
          onRemove={
            strategy === "one" || (strategy === "all" && filters.length === 1)
              ? null
              : () => {
                  document.apply([{ kind: "remove", path: filter.path }]);
                }
          }
        />
      ))}
      {strategy === null || strategy === "one" ? null : (
        <Button
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => {
            document.apply(addEdits(events, path));
          }}
        >
          Add an event
        </Button>
      )}
    </Stack>
  );
}

interface FilterProps {
  filter: EventFilter;
  number: number;
  values: Props["values"];
  onRemove: (() => void) | null;
}

function Filter({ filter, number, values, onRemove }: FilterProps): ReactNode {
  const base = [...filter.path, "with"];
  const literal = values === "literals" ? { "x-fairlead": { literal: true } } : {};
  const field = (title: string, description: string): object => ({
    type: "string",
    title,
    description,
    ...literal,
  });
  const schema = {
    properties: {
      type: {
        ...field("Event type", "As the sender names it."),
        examples: ["com.example.incident.opened"],
      },
      source: field("Only from", "The event's source; a URI."),
      subject: field("Only about", "The event's subject."),
      data: {
        ...field("Only if its data has", "Members and their values."),
        type: "object",
      },
    },
  };
  return (
    <Card withBorder padding="sm" component="fieldset" aria-label={`Event ${number || ""}`.trim()}>
      <Stack gap="sm">
        {number === 0 ? null : (
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              Event {number}
            </Text>
            {onRemove ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove event ${number}`}
                onClick={onRemove}
              >
                <Icon name="close" size={12} />
              </ActionIcon>
            ) : null}
          </Group>
        )}
        <SchemaForm base={base} keep={base} fields={fieldsOf(schema)} />
        <Correlations filter={filter} />
      </Stack>
    </Card>
  );
}

function Correlations({ filter }: { filter: EventFilter }): ReactNode {
  const { document } = useBuilder();
  const path = [...filter.path, "correlate"];
  const names = Object.keys(filter.correlate);
  return (
    <Stack gap="xs">
      {names.map((name) => (
        <Correlation
          key={name}
          name={name}
          taken={names}
          path={[...path, name]}
          onRemove={() => {
            const gone = names.length === 1 ? path : [...path, name];
            document.apply([{ kind: "remove", path: gone }]);
          }}
        />
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          onClick={() => {
            const name = freeKey(filter.correlate);
            document.apply([{ kind: "set", path: [...path, name], value: { from: ".data.id" } }]);
          }}
        >
          Match it by a value
        </Button>
      </div>
    </Stack>
  );
}

interface CorrelationProps {
  name: string;
  taken: readonly string[];
  path: Path;
  onRemove: () => void;
}

function Correlation({ name, taken, path, onRemove }: CorrelationProps): ReactNode {
  const { document } = useBuilder();
  const value = valueAt(document.source.data, path);
  const typing = useTyping(name, (next) => {
    if (next !== "" && !taken.includes(next)) document.apply([{ kind: "rename", path, to: next }]);
  });
  const fields = fieldsOf({
    required: ["from"],
    properties: {
      from: {
        type: "string",
        title: "The event's value",
        description: "jq on the event: .data.order",
        "x-fairlead": { literal: true, order: 1 },
      },
      expect: {
        type: ["string", "number"],
        title: "Must be",
        description: "Left out: that of the first event heard, for all others.",
        "x-fairlead": { order: 2 },
      },
    },
  });
  return (
    <Card withBorder padding="xs" bg="transparent">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            size="xs"
            style={{ flex: 1 }}
            label="Matched by"
            value={typing.text}
            onBlur={typing.settle}
            onChange={(event) => {
              typing.change(event.currentTarget.value);
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Do not match by ${name}`}
            onClick={onRemove}
          >
            <Icon name="close" size={12} />
          </ActionIcon>
        </Group>
        {isData(value) ? <SchemaForm base={path} keep={path} fields={fields} /> : null}
      </Stack>
    </Card>
  );
}
