// One field, in one of its three modes: a value typed or chosen, a value of an earlier step, or jq.
// All three write the same YAML string; the mode is read off it.

import { Input, SegmentedControl } from "@mantine/core";
import { useId, useState, type ReactNode } from "react";
import { pointerOf, type Path } from "../document/path";
import type { Edit } from "../document/plain";
import { useBuilder } from "../context";
import { asExpression, modeOf, unwrapped, wrap, type Mode } from "../model/expression";
import { faultOf, type Field } from "../model/fields";
import { keeping } from "../model/newSteps";
import { problemsAt } from "../useProblems";
import { ExpressionInput } from "./ExpressionInput";
import { LiteralInput } from "./LiteralInput";
import { ReferenceInput } from "./ReferenceInput";
import classes from "./FieldInput.module.css";

export interface FieldProps {
  field: Field;
  path: Path;
  value: unknown;
  /** The other values of the form: a branch is looked up in their project. */
  siblings: Record<string, unknown>;
  onChange: (value: unknown, extra?: readonly Edit[]) => void;
}

const structured = ["map", "object", "list"];

export function FieldInput({ field, path, value, siblings, onChange }: FieldProps): ReactNode {
  const { problems } = useBuilder();
  const id = useId();
  const written =
    field.control === "expression"
      ? modeOf(wrap(asExpression(value))) === "pick" && value !== undefined
        ? "pick"
        : "jq"
      : modeOf(value);
  const [chosen, setChosen] = useState<Mode | null>(null);
  const mode = chosen ?? written;
  const fault = problemsAt(problems, pointerOf(path))[0];
  const ownFault = value === undefined ? "" : faultOf(field, value);
  const modes =
    field.control === "expression" ? (["pick", "jq"] as const) : (["text", "pick", "jq"] as const);
  const labels: Record<Mode, string> = {
    text:
      field.picker || field.control === "select" || field.control === "boolean"
        ? "Choose"
        : structured.includes(field.control)
          ? "Values"
          : "Text",
    pick: "Step",
    jq: "jq",
  };
  const expression = (next: string, extra?: readonly Edit[]): void => {
    onChange(next.trim() === "" ? undefined : wrap(next), extra);
  };
  return (
    <Input.Wrapper
      id={id}
      className={classes["field"] ?? ""}
      error={fault?.message ?? (ownFault === "" ? undefined : ownFault)}
      description={field.help}
      required={field.required}
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={field.label}
      labelProps={{ className: classes["label"] ?? "" }}
    >
      {field.literal ? null : (
        <SegmentedControl
          size="xs"
          className={classes["modes"] ?? ""}
          aria-label={`How ${field.label} gets its value`}
          value={mode}
          data={modes.map((one) => ({ value: one, label: labels[one] }))}
          onChange={(next) => {
            setChosen(next as Mode);
          }}
        />
      )}
      {mode === "text" ? (
        <LiteralInput
          id={id}
          field={field}
          path={path}
          value={written === "text" ? value : undefined}
          siblings={siblings}
          onChange={(next) => {
            setChosen(null);
            onChange(next);
          }}
        />
      ) : mode === "pick" ? (
        <ReferenceInput
          id={id}
          path={path}
          value={unwrapped(value) ?? (field.control === "expression" ? asExpression(value) : "")}
          onChange={(reference) => {
            setChosen(null);
            const step = reference.needsKeeping;
            expression(
              reference.expression,
              step
                ? [{ kind: "set", path: [...step.body, "export"], value: keeping(step.name) }]
                : [],
            );
          }}
        />
      ) : (
        <ExpressionInput
          id={id}
          path={path}
          value={asExpression(value)}
          onChange={(next) => {
            setChosen(next.trim() === "" ? "jq" : null);
            expression(next);
          }}
        />
      )}
    </Input.Wrapper>
  );
}
