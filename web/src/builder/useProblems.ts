// Checks the text a moment after each change: faults, and what would go wrong when it is published.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import type { Source } from "./document/source";
import type { Problem } from "./server/types";
import { checkSource } from "./server/workflows";

const quietMs = 500;

export interface Problems {
  list: Problem[];
  checking: boolean;
  /** Whether `list` is about the text as it is now. */
  current: boolean;
}

export function useProblems(source: Source): Problems {
  const [text] = useDebouncedValue(source.text, quietMs);
  const answer = useQuery({
    queryKey: ["check", text],
    queryFn: () => checkSource(text),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
  if (source.fault) {
    const { line, column, message } = source.fault;
    return {
      list: [{ severity: "error", code: "syntax", line, column, pointer: "", message }],
      checking: false,
      current: true,
    };
  }
  const current = text === source.text && !answer.isFetching && !answer.isPlaceholderData;
  return { list: answer.data?.problems ?? [], checking: answer.isFetching, current };
}

/** Problems of a step: those of its own parts, not of the steps inside of it. */
export function problemsAt(problems: readonly Problem[], pointer: string): Problem[] {
  return problems.filter(
    (problem) => problem.pointer === pointer || problem.pointer.startsWith(pointer + "/"),
  );
}

export function worstOf(problems: readonly Problem[]): Problem["severity"] | "" {
  if (problems.some((problem) => problem.severity === "error")) return "error";
  return problems.length > 0 ? "warning" : "";
}
