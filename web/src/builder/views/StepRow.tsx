// One line of the list of steps: what the step is, what it is called, and what is wrong with it.

import { memo, useState, type CSSProperties, type DragEvent, type ReactNode } from "react";
import type { Step } from "../model/outline";
import { Icon } from "./Icon";
import { StepMenu } from "./StepMenu";
import classes from "./StepList.module.css";

export function indent(depth: number): CSSProperties {
  return { paddingInlineStart: `${0.5 + depth * 1.25}rem` };
}

interface StepRowProps {
  id: string;
  step: Step;
  depth: number;
  title: string;
  worst: "" | "error" | "warning";
  isSelected: boolean;
  onSelect: (id: string) => void;
  onEdit: () => void;
  onDropOn: (dragged: string, target: string, side: Side) => void;
}

// Every edit makes a new outline; a row is drawn again only if what it shows has changed.
function sameRow(a: StepRowProps, b: StepRowProps): boolean {
  const said = ({ step }: StepRowProps): string =>
    [
      step.name,
      step.kind,
      step.call,
      step.detail,
      step.condition,
      step.then,
      step.blocks.length,
    ].join("\n");
  return (
    a.id === b.id &&
    a.depth === b.depth &&
    a.title === b.title &&
    a.worst === b.worst &&
    a.isSelected === b.isSelected &&
    said(a) === said(b)
  );
}

const dragType = "application/x-fairlead-step";

export type Side = "before" | "behind";

function sideOf(event: DragEvent): Side {
  const box = event.currentTarget.getBoundingClientRect();
  return event.clientY < box.top + box.height / 2 ? "before" : "behind";
}

export const StepRow = memo(function StepRow({
  id,
  step,
  depth,
  title,
  worst,
  isSelected,
  onSelect,
  onEdit,
  onDropOn,
}: StepRowProps): ReactNode {
  const [side, setSide] = useState<"" | Side>("");
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setSide("");
    onDropOn(event.dataTransfer.getData(dragType), id, sideOf(event));
  };
  return (
    <div
      role="row"
      aria-selected={isSelected}
      aria-level={depth + 1}
      tabIndex={isSelected ? 0 : -1}
      data-row={id}
      data-side={side}
      className={classes["row"]}
      style={indent(depth)}
      draggable
      onClick={() => {
        onSelect(id);
        onEdit();
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, id);
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(dragType)) {
          event.preventDefault();
          setSide(sideOf(event));
        }
      }}
      onDragLeave={() => {
        setSide("");
      }}
      onDrop={drop}
    >
      <span role="gridcell" className={classes["cell"]}>
        <span className={classes["icon"]} data-kind={step.kind}>
          <Icon name={step.kind} />
        </span>
        <span className={classes["words"]}>
          <span className={classes["title"]}>{title}</span>
          <span className={classes["detail"]}>
            <code>{step.name}</code>
            {step.detail === "" ? "" : ` · ${step.detail}`}
            {step.condition === "" ? "" : ` · if ${step.condition}`}
          </span>
        </span>
        {worst === "" ? null : (
          <span
            className={classes["mark"]}
            data-severity={worst}
            title={worst === "error" ? "Has an error" : "Has a warning"}
          >
            <Icon name={worst} />
          </span>
        )}
      </span>
      {isSelected ? (
        <span role="gridcell">
          <StepMenu step={step} />
        </span>
      ) : null}
    </div>
  );
}, sameRow);
