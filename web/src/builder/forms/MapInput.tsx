// Names with values: pipeline variables, headers, what a step sets. Each value has the three modes.

import { ActionIcon, Button, Stack, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import { pointerOf, valueAt, type Path } from "../document/path";
import { fieldOf } from "../model/fields";
import { isData } from "../model/outline";
import { Icon } from "../views/Icon";
import { FieldInput } from "./FieldInput";
import { useTyping } from "./useTyping";
import classes from "./FieldInput.module.css";

interface Props {
  path: Path;
  value: Record<string, unknown>;
}

export function MapInput({ path, value }: Props): ReactNode {
  const { document } = useBuilder();
  const names = Object.keys(value);
  const [adding, setAdding] = useState("");
  const add = (): void => {
    const name = adding.trim();
    if (name === "" || name in value) return;
    document.apply([{ kind: "set", path: [...path, name], value: "" }]);
    setAdding("");
  };
  const remove = (name: string): void => {
    const isLast = names.length === 1 && isData(valueAt(document.source.data, path));
    document.apply([
      isLast ? { kind: "set", path, value: {} } : { kind: "remove", path: [...path, name] },
    ]);
  };
  return (
    <Stack gap="xs">
      {names.map((name) => (
        <Stack key={name} gap={2}>
          <div className={classes["pair"]} style={{ gridTemplateColumns: "1fr auto" }}>
            <NameInput
              name={name}
              taken={names}
              onRename={(to) => {
                document.apply([{ kind: "rename", path: [...path, name], to }]);
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${name}`}
              mt={3}
              onClick={() => {
                remove(name);
              }}
            >
              <Icon name="close" size={12} />
            </ActionIcon>
          </div>
          <FieldInput
            field={{ ...fieldOf(name, schemaFor(value[name]), false), label: "Value" }}
            path={[...path, name]}
            value={value[name]}
            siblings={value}
            onChange={(next, extra = []) => {
              document.apply(
                [...extra, { kind: "set", path: [...path, name], value: next ?? "" }],
                { about: pointerOf([...path, name]) },
              );
            }}
          />
        </Stack>
      ))}
      <div className={classes["pair"]} style={{ gridTemplateColumns: "1fr auto" }}>
        <TextInput
          size="sm"
          aria-label="Name of a new value"
          placeholder="New name"
          value={adding}
          onChange={(event) => {
            setAdding(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              add();
            }
          }}
        />
        <Button variant="default" disabled={adding.trim() === ""} onClick={add}>
          Add
        </Button>
      </div>
    </Stack>
  );
}

// Without a schema the control follows what the value is.
function schemaFor(value: unknown): Record<string, unknown> {
  if (typeof value === "boolean") return { type: "boolean" };
  if (value !== null && typeof value === "object") return {};
  return { type: ["string", "number"] };
}

function NameInput({
  name,
  taken,
  onRename,
}: {
  name: string;
  taken: string[];
  onRename: (to: string) => void;
}): ReactNode {
  const typing = useTyping(name, (next) => {
    if (next !== "" && next !== name && !taken.includes(next)) onRename(next);
  });
  return (
    <TextInput
      size="sm"
      aria-label={`Name of ${name}`}
      value={typing.text}
      onBlur={typing.settle}
      onChange={(event) => {
        typing.change(event.currentTarget.value);
      }}
      error={
        typing.text !== name && taken.includes(typing.text)
          ? "There is one of this name."
          : undefined
      }
    />
  );
}
