// The small pictures of the builder, drawn here: one path each, in the colour of the text.

import type { ReactNode } from "react";
import type { StepKind } from "../model/outline";

const paths = {
  action: "M8 1.5 13.6 4.75v6.5L8 14.5 2.4 11.25v-6.5zM8 8l5.4-3.1M8 8v6.3M8 8 2.6 4.9",
  http: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM1.7 8h12.6M8 1.5c4 4 4 9 0 13-4-4-4-9 0-13z",
  openapi: "M4 2h8v12H4zM6.5 5h3M6.5 8h3M6.5 11h3",
  function: "M10.5 2.5c-2.5-.8-2.5 1.5-2.7 3L6.8 12c-.2 1.8-1 2.2-2.8 1.7M5 7h6",
  do: "M2 4h12M2 8h12M2 12h12",
  for: "M3 8a5 5 0 0 1 9-3l1 1.2M13 8a5 5 0 0 1-9 3L3 9.8M13 2.8v3.4H9.6M3 13.2V9.8h3.4",
  fork: "M8 1.5v4M8 5.5 3.5 9v5.5M8 5.5 12.5 9v5.5",
  switch: "M8 1.5 14 8l-6 6.5L2 8zM8 5v3.2M8 10.3v.4",
  try: "M8 1.5 13.5 4v4c0 3.3-2.3 5.5-5.5 6.5C4.8 13.5 2.5 11.3 2.5 8V4zM5.5 8l2 2 3-3.5",
  listen: "M3.5 11.5h9l-1.3-2V7a3.2 3.2 0 0 0-6.4 0v2.5zM6.5 13.5h3M8 3.8V2",
  wait: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4.5V8l2.5 2",
  emit: "M2 8h7M6.5 5 9.5 8l-3 3M12 3.5a6 6 0 0 1 0 9",
  set: "M3 4.5h10M3 8h6M3 11.5h8",
  raise: "M8 2 14.5 13.5h-13zM8 6.5v3.3M8 11.6v.4",
  workflow: "M2 2.5h4.5v3.5H2zM9.5 10h4.5v3.5H9.5zM4.25 6v5.75H9.5",
  other: "M4 8h.01M8 8h.01M12 8h.01",
  plus: "M8 3v10M3 8h10",
  undo: "M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6",
  redo: "M10.5 3l3 3-3 3M13.5 6H7a4 4 0 0 0 0 8h3",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3 14 14",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.3M8 11.6v.4",
  error: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4.5v4M8 11v.4",
  check: "M3 8.5 6.5 12 13 4.5",
  start: "M4.5 2.5 13 8l-8.5 5.5z",
  end: "M4 4h8v8H4z",
} as const;

export type IconName = keyof typeof paths;

interface Props {
  name: IconName;
  size?: number;
}

export function Icon({ name, size = 16 }: Props): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** What kind of step it is, for people. */
export const kindLabels: Record<StepKind, string> = {
  action: "Action",
  http: "HTTP request",
  openapi: "API operation",
  function: "Function",
  do: "Group",
  for: "For each",
  fork: "At the same time",
  switch: "Choose a way",
  try: "Try",
  listen: "Wait for an event",
  wait: "Wait",
  emit: "Send an event",
  set: "Set values",
  raise: "Fail",
  workflow: "Run workflow",
  other: "Step",
};
