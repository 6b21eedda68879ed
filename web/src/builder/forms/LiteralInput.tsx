// A field's own value, in the control its schema asks for.

import { NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { parse, stringify } from "yaml";
import type { Path } from "../document/path";
import { typed, type Field } from "../model/fields";
import { durationWords, isData, text } from "../model/outline";
import { MapInput } from "./MapInput";
import { PickerInput, PickerTags } from "./PickerInput";
import { SchemaForm } from "./SchemaForm";
import { useTyping } from "./useTyping";

interface Props {
  id: string;
  field: Field;
  path: Path;
  value: unknown;
  siblings: Record<string, unknown>;
  onChange: (value: unknown) => void;
}

export function LiteralInput(props: Props): ReactNode {
  const { id, field, path, value, onChange } = props;
  switch (field.control) {
    case "select":
      return <Choose {...props} />;
    case "boolean":
      return (
        <Select
          id={id}
          clearable
          placeholder={field.initial === true ? "Yes" : field.initial === false ? "No" : "Not set"}
          value={value === undefined ? null : String(value)}
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onChange={(next) => {
            onChange(next === null ? undefined : next === "true");
          }}
        />
      );
    case "number":
      return (
        <NumberInput
          id={id}
          value={typeof value === "number" ? value : ""}
          placeholder={field.initial === undefined ? field.example : text(field.initial)}
          {...(field.minimum === null ? {} : { min: field.minimum })}
          {...(field.maximum === null ? {} : { max: field.maximum })}
          clampBehavior="none"
          allowDecimal={field.types.includes("number")}
          onChange={(next) => {
            onChange(next === "" ? undefined : Number(next));
          }}
        />
      );
    case "picker":
      return field.picker ? <PickerInput {...props} picker={field.picker} /> : null;
    case "list":
      if (field.item?.picker)
        return <PickerTags {...props} item={field.item} picker={field.item.picker} />;
      if (field.item && ["map", "object", "json"].includes(field.item.control))
        return <Structure {...props} />;
      return (
        <TagsInput
          id={id}
          value={Array.isArray(value) ? value.map(text) : []}
          placeholder="Enter adds one"
          acceptValueOnBlur
          onChange={(next) => {
            onChange(
              next.length === 0
                ? undefined
                : next.map((one) => (field.item ? typed(field.item, one) : one)),
            );
          }}
        />
      );
    case "map":
      return value === undefined || isData(value) ? (
        <MapInput path={path} value={isData(value) ? value : {}} />
      ) : (
        <Structure {...props} />
      );
    case "object":
      return (
        <div
          style={{
            paddingInlineStart: "0.75rem",
            borderInlineStart: "2px solid var(--mantine-color-default-border)",
          }}
        >
          <SchemaForm fields={field.fields} base={path} keep={path.slice(0, -1)} />
        </div>
      );
    case "json":
      return <Structure {...props} />;
    default:
      return <Written {...props} />;
  }
}

function Choose({ id, field, value, onChange }: Props): ReactNode {
  const known = field.choices.some((choice) => choice.value === value);
  const choices =
    value === undefined || known
      ? field.choices
      : [...field.choices, { value: text(value), label: text(value) }];
  const initial = field.choices.find((choice) => choice.value === field.initial)?.label;
  return (
    <Select
      id={id}
      clearable={!field.required}
      searchable={choices.length > 8}
      placeholder={initial ?? "Not set"}
      value={value === undefined ? null : text(value)}
      data={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
      onChange={(next) => {
        onChange(choices.find((choice) => String(choice.value) === next)?.value);
      }}
    />
  );
}

function Written({ id, field, value, onChange }: Props): ReactNode {
  const typing = useTyping(
    isData(value) || Array.isArray(value) ? JSON.stringify(value) : text(value),
    (next) => {
      onChange(next === "" ? undefined : typed(field, next));
    },
  );
  const shared = { id, value: typing.text, placeholder: field.example, onBlur: typing.settle };
  if (field.control === "textarea" || typing.text.includes("\n")) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        maxRows={12}
        onChange={(event) => {
          typing.change(event.currentTarget.value);
        }}
      />
    );
  }
  const words =
    field.control === "span" || field.control === "dateOrSpan"
      ? durationWords(typing.text)
      : typing.text;
  return (
    <TextInput
      {...shared}
      type={field.control === "date" ? "date" : "text"}
      onChange={(event) => {
        typing.change(event.currentTarget.value);
      }}
      rightSectionWidth={words === typing.text ? 0 : 110}
      rightSection={words === typing.text ? null : <small>{words}</small>}
    />
  );
}

/** Anything else, as YAML: lists of objects, JSON bodies. */
function Structure({ id, value, onChange }: Props): ReactNode {
  const shown =
    value === undefined
      ? ""
      : typeof value === "string"
        ? value
        : stringify(value, { lineWidth: 0 }).trimEnd();
  const typing = useTyping(shown, (next) => {
    onChange(next.trim() === "" ? undefined : read(next));
  });
  return (
    <Textarea
      id={id}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      value={typing.text}
      placeholder="YAML or JSON"
      onBlur={typing.settle}
      styles={{
        input: {
          fontFamily: "var(--mantine-font-family-monospace)",
          fontSize: "var(--mantine-font-size-xs)",
        },
      }}
      onChange={(event) => {
        typing.change(event.currentTarget.value);
      }}
    />
  );
}

function read(written: string): unknown {
  try {
    return parse(written) as unknown;
  } catch {
    return written;
  }
}
