// Where a run goes on after a step, and whether the step's result stays readable.

import { Code, Select, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { pointerOf, valueAt } from "../document/path";
import { fieldsOf } from "../model/fields";
import { keeping } from "../model/newSteps";
import { blockOf } from "../model/moves";
import type { Step } from "../model/outline";
import { stepOrder } from "../model/kindForms";
import { SchemaForm } from "./SchemaForm";

/** What `then` may be at a step of this list. */
export function useTargets(step: Step): { value: string; label: string }[] {
  const { document } = useBuilder();
  const list = step.path.slice(0, -1);
  const siblings = blockOf(document.steps, list)?.steps ?? [];
  const isInner = list.length > 1;
  return [
    { value: "continue", label: "The next step" },
    ...(isInner ? [{ value: "exit", label: "Leave this block" }] : []),
    { value: "end", label: "End the run" },
    ...siblings
      .filter((other) => other.name !== step.name)
      .map((other) => ({ value: other.name, label: `Step ${other.name}` })),
  ];
}

export function ContinueInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const targets = useTargets(step);
  if (step.kind === "raise" || step.kind === "switch") return null;
  const path = [...step.body, "then"];
  return (
    <Select
      label="Then"
      description="Where the run goes on."
      value={step.then === "" ? "continue" : step.then}
      data={targets}
      allowDeselect={false}
      inputWrapperOrder={["label", "input", "description", "error"]}
      onChange={(next) => {
        if (next === null || next === "continue") {
          if (step.then !== "") document.apply([{ kind: "remove", path }]);
        } else document.apply([{ kind: "set", path, value: next, order: stepOrder }]);
      }}
    />
  );
}

/** Where a run goes on after `try` has caught an error and dealt with it. */
export function CaughtInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const targets = useTargets(step);
  const path = [...step.body, "catch", "then"];
  const value = valueAt(document.source.data, path);
  return (
    <Select
      label="After an error was caught"
      value={typeof value === "string" ? value : "continue"}
      data={targets}
      allowDeselect={false}
      onChange={(next) => {
        if (next === null || next === "continue") {
          if (value !== undefined) document.apply([{ kind: "remove", path }]);
        } else document.apply([{ kind: "set", path, value: next }]);
      }}
    />
  );
}

export function KeepInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const path = [...step.body, "export"];
  const written = valueAt(document.source.data, path);
  if (written !== undefined && !step.keeps) {
    return (
      <SchemaForm
        base={path}
        keep={step.body}
        fields={fieldsOf({
          properties: {
            as: {
              title: "What it keeps",
              description: "Becomes $context; written by hand.",
              "x-fairlead": { widget: "expression" },
            },
          },
        })}
      />
    );
  }
  return (
    <Switch
      label="Keep the result"
      checked={step.keeps}
      id={`keep-${pointerOf(step.path)}`}
      description={
        <>
          Later steps read it as <Code>$context.{step.name}</Code>
        </>
      }
      onChange={(event) => {
        if (event.currentTarget.checked)
          document.apply([{ kind: "set", path, value: keeping(step.name), order: stepOrder }]);
        else document.apply([{ kind: "remove", path }]);
      }}
    />
  );
}
