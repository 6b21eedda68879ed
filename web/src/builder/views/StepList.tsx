// The steps as a list with nested blocks: the builder's main view, whole by keyboard. Arrow keys
// walk, Enter edits, Alt with an arrow moves a step, Delete removes it.

import { UnstyledButton } from "@mantine/core";
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { pointerOf, type Path } from "../document/path";
import { useBuilder, actionId } from "../context";
import { dropOn, moveOf, type Direction } from "../model/moves";
import { flattened, triggerWords, type Block, type Step } from "../model/outline";
import { problemsAt, worstOf } from "../useProblems";
import { useStepActions } from "../useStepActions";
import { Icon, kindLabels } from "./Icon";
import { indent, StepRow, type Side } from "./StepRow";
import classes from "./StepList.module.css";

interface Props {
  onAdd: (at: { list: Path; index: number }) => void;
  onEdit: () => void;
}

type Row =
  | { kind: "step"; step: Step; depth: number; id: string }
  | { kind: "label"; label: string; depth: number; id: string }
  | { kind: "add"; list: Path; index: number; depth: number; id: string };

export function rowsOf(steps: readonly Step[], list: Path = ["do"], depth = 0): Row[] {
  const rows = steps.flatMap((step): Row[] => [
    { kind: "step", step, depth, id: pointerOf(step.path) },
    ...step.blocks.flatMap((block) => blockRows(block, depth + 1)),
  ]);
  return [...rows, { kind: "add", list, index: steps.length, depth, id: `${pointerOf(list)}#add` }];
}

function blockRows(block: Block, depth: number): Row[] {
  const label: Row[] =
    block.label === ""
      ? []
      : [{ kind: "label", label: block.label, depth, id: `${pointerOf(block.list)}#label` }];
  return [...label, ...rowsOf(block.steps, block.list, depth)];
}

export function StepList({ onAdd, onEdit }: Props): ReactNode {
  const { document, problems, actions } = useBuilder();
  const { steps, selected, select } = document;
  const stepActions = useStepActions();
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(steps), [steps]);
  const ids = useMemo(
    () => ["", ...flattened(steps).map(({ step }) => pointerOf(step.path))],
    [steps],
  );
  const titles = useMemo(
    () => new Map(actions.map((action) => [action.id, action.title])),
    [actions],
  );

  const focusRow = useCallback((id: string) => {
    list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
  }, []);
  const hadFocus = useRef(false);
  useEffect(() => {
    // A step that was moved is drawn anew elsewhere: the focus goes along.
    if (hadFocus.current) focusRow(selected);
  }, [selected, steps, focusRow]);

  // The rows are drawn again only when they change: what they call must stay the same function.
  const latest = useRef({ document, onEdit });
  latest.current = { document, onEdit };
  const edit = useCallback(() => {
    latest.current.onEdit();
  }, []);
  const dropped = useCallback((from: string, to: string, side: Side) => {
    const all = flattened(latest.current.document.steps).map(({ step }) => step);
    const dragged = all.find((step) => pointerOf(step.path) === from);
    const target = all.find((step) => pointerOf(step.path) === to);
    const move = dragged && target && dropOn(dragged, target, side);
    if (move) latest.current.document.apply([move.edit], { select: move.to });
  }, []);

  const walk = (by: number): void => {
    const next = ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(selected) + by))] ?? "";
    select(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!("row" in (event.target as HTMLElement).dataset) && event.target !== list.current) return;
    if (event.ctrlKey || event.metaKey) return;
    const move: Record<string, Direction> = {
      ArrowUp: "up",
      ArrowDown: "down",
      ArrowRight: "in",
      ArrowLeft: "out",
    };
    const direction = event.altKey ? move[event.key] : undefined;
    if (direction) {
      const found = document.step && moveOf(steps, document.step, direction);
      if (found) document.apply([found.edit], { select: found.to });
    } else if (event.key === "ArrowDown") walk(1);
    else if (event.key === "ArrowUp") walk(-1);
    else if (event.key === "Home") select("");
    else if (event.key === "End") walk(ids.length);
    else if (event.key === "Enter" || event.key === " ") onEdit();
    else if (event.key === "Delete" && document.step) stepActions.remove(document.step);
    else if (event.key === "Insert" || event.key === "a") onAdd(stepActions.placeForNew());
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={list}
      role="treegrid"
      aria-label="Steps"
      className={classes["list"]}
      onKeyDown={onKeyDown}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={(event) => {
        hadFocus.current = event.currentTarget.contains(event.relatedTarget);
      }}
    >
      <HeadRow
        isSelected={selected === ""}
        onSelect={select}
        onEdit={edit}
        trigger={triggerWords(document.source.data)}
      />
      {rows.map((row) => {
        if (row.kind === "label") {
          return (
            <div key={row.id} role="row" className={classes["label"]} style={indent(row.depth)}>
              <span role="gridcell">{row.label}</span>
            </div>
          );
        }
        if (row.kind === "add") return <AddRow key={row.id} row={row} onAdd={onAdd} />;
        const faults = problemsAt(problems, row.id).filter(
          (problem) =>
            !row.step.blocks.some((block) =>
              problem.pointer.startsWith(pointerOf(block.list) + "/"),
            ),
        );
        const worst = worstOf(faults);
        const title =
          titles.get(actionId(row.step.call)) ??
          (row.step.kind === "action" ? row.step.call : kindLabels[row.step.kind]);
        return (
          <StepRow
            key={row.id}
            id={row.id}
            step={row.step}
            depth={row.depth}
            title={title}
            worst={worst}
            isSelected={selected === row.id}
            onSelect={select}
            onEdit={edit}
            onDropOn={dropped}
          />
        );
      })}
    </div>
  );
}

type AddAt = Extract<Row, { kind: "add" }>;

function AddRow({ row, onAdd }: { row: AddAt; onAdd: Props["onAdd"] }): ReactNode {
  return (
    <div role="row">
      <div role="gridcell">
        <UnstyledButton
          className={classes["add"] ?? ""}
          style={indent(row.depth)}
          onClick={() => onAdd(row)}
          aria-label={row.depth === 0 ? "Add a step" : "Add a step in this block"}
        >
          <Icon name="plus" size={12} /> {row.depth === 0 ? "Add step" : "Add"}
        </UnstyledButton>
      </div>
    </div>
  );
}

interface HeadProps {
  isSelected: boolean;
  onSelect: (id: string) => void;
  onEdit: () => void;
  trigger: string;
}

const HeadRow = memo(function HeadRow({
  isSelected,
  onSelect,
  onEdit,
  trigger,
}: HeadProps): ReactNode {
  return (
    <div
      role="row"
      aria-selected={isSelected}
      aria-level={1}
      tabIndex={isSelected ? 0 : -1}
      data-row=""
      className={classes["row"]}
      onClick={() => {
        onSelect("");
        onEdit();
      }}
    >
      <span role="gridcell" className={classes["cell"]}>
        <span className={classes["icon"]} data-kind="start">
          <Icon name="start" />
        </span>
        <span className={classes["words"]}>
          <span className={classes["title"]}>Starts</span>
          <span className={classes["detail"]}>{trigger}</span>
        </span>
      </span>
    </div>
  );
});
