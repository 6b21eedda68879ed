// The small pictures of the builder, drawn here: one path each, in the colour of the text.

import type { ReactNode } from "react";
import type { StepKind } from "../model/outline";

const paths = {
  action: "M8 1.5 13.6 4.75v6.5L8 14.5 2.4 11.25v-6.5zM8 8l5.4-3.1M8 8v6.3M8 8 2.6 4.9",
  http: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM1.7 8h12.6M8 1.5c2.2 1.9 2.9 4 2.9 6.5S10.200 12.600 8 14.500C5.800 12.600 5.100 10.500 5.100 8S5.800 3.400 8 1.500z",
  openapi: "M4 2h8v12H4zM6.500 5h3M6.500 8h3M6.500 11h3",
  function:
    "M10.500 2.500c-2.500-.800-2.500 1.500-2.700 3L6.800 12c-.200 1.800-1 2.200-2.800 1.700M5 7h6",
  do: "M2 4h12M2 8h12M2 12h12",
  for: "M3 8a5 5 0 0 1 9-3l1 1.200M13 8a5 5 0 0 1-9 3L3 9.800M13 2.800v3.400H9.600M3 13.200V9.800h3.400",
  fork: "M8 1.500v4M8 5.500 3.500 9v5.500M8 5.500 12.500 9v5.500",
  switch: "M8 1.500 14 8l-6 6.500L2 8zM8 5v3.200M8 10.300v.400",
  try: "M8 1.500 13.500 4v4c0 3.300-2.300 5.500-5.500 6.500C4.800 13.500 2.500 11.300 2.500 8V4zM5.500 8l2 2 3-3.500",
  listen: "M3.500 11.500h9l-1.300-2V7a3.200 3.200 0 0 0-6.400 0v2.500zM6.500 13.500h3M8 3.800V2",
  wait: "M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM8 4.500V8l2.500 2",
  emit: "M2 8h7M6.500 5 9.500 8l-3 3M12 3.500a6 6 0 0 1 0 9",
  set: "M3 4.500h10M3 8h6M3 11.500h8",
  raise: "M8 2 14.500 13.500h-13zM8 6.500v3.300M8 11.600v.400",
  workflow: "M2 2.500h4.500v3.500H2zM9.500 10h4.500v3.500H9.500zM4.250 6v5.750H9.500",
  other: "M4 8h.010M8 8h.010M12 8h.010",
  plus: "M8 3v10M3 8h10",
  undo: "M5.500 3 2.500 6l3 3M2.500 6H9a4 4 0 0 1 0 8H6",
  redo: "M10.500 3l3 3-3 3M13.500 6H7a4 4 0 0 0 0 8h3",
  more: "M3.500 8h.010M8 8h.010M12.500 8h.010",
  search: "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.300 10.300 14 14",
  close: "M3.500 3.500l9 9M12.500 3.500l-9 9",
  warning: "M8 2 14.500 13.500h-13zM8 6.500v3.300M8 11.600v.400",
  error: "M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM8 4.500v4M8 11v.400",
  check: "M3 8.500 6.500 12 13 4.500",
  start: "M4.500 2.500 13 8l-8.500 5.500z",
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
