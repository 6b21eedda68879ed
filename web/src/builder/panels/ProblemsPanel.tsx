// What is wrong, with a jump to the place. Stays at the bottom, folded while there is nothing.

import { ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Problem } from "../server/types";
import type { Problems } from "../useProblems";
import { Icon } from "../views/Icon";
import classes from "./ProblemsPanel.module.css";

interface Props {
  problems: Problems;
  onJump: (pointer: string, place: { line: number; column: number }) => void;
}

export function problemWords(list: readonly Problem[]): string {
  const errors = list.filter((problem) => problem.severity === "error").length;
  const warnings = list.length - errors;
  const counted = (count: number, word: string): string[] =>
    count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
  return [...counted(errors, "error"), ...counted(warnings, "warning")].join(", ") || "No problems";
}

export function ProblemsPanel({ problems, onJump }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const { list } = problems;
  const worst = list.some((problem) => problem.severity === "error")
    ? "error"
    : list.length > 0
      ? "warning"
      : "check";
  return (
    <section className={classes["panel"]} aria-label="Problems">
      <UnstyledButton
        className={classes["bar"] ?? ""}
        aria-expanded={open}
        disabled={list.length === 0}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <span data-severity={worst} className={classes["icon"]}>
          <Icon name={worst} size={14} />
        </span>
        <span role="status">{problemWords(list)}</span>
        {problems.current ? null : (
          <Text span size="xs" c="dimmed">
            checking…
          </Text>
        )}
        {list.length === 0 ? null : (
          <Text span size="xs" c="dimmed" ml="auto">
            {open ? "Hide" : "Show"}
          </Text>
        )}
      </UnstyledButton>
      {open && list.length > 0 ? (
        <ScrollArea.Autosize mah="32vh" type="auto">
          <ul className={classes["list"]}>
            {list.map((problem) => (
              <li key={`${problem.pointer} ${problem.line} ${problem.message}`}>
                <UnstyledButton
                  className={classes["problem"] ?? ""}
                  onClick={() => {
                    onJump(problem.pointer, problem);
                  }}
                >
                  <span data-severity={problem.severity} className={classes["icon"]}>
                    <Icon name={problem.severity} size={14} />
                  </span>
                  <span>
                    {problem.message}{" "}
                    <Text span size="xs" c="dimmed">
                      {problem.pointer} · line {problem.line}
                    </Text>
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </ScrollArea.Autosize>
      ) : null}
    </section>
  );
}
