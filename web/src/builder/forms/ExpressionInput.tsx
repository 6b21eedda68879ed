// jq, with what it gives on sample data shown below while it is written.

import { Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useBuilder } from "../context";
import type { Path } from "../document/path";
import { frameAt } from "../model/sampleContext";
import { evaluate } from "../server/workflows";
import classes from "./FieldInput.module.css";
import { useTyping } from "./useTyping";

interface Props {
  id: string;
  path: Path;
  value: string;
  onChange: (expression: string) => void;
}

export function ExpressionInput({ id, path, value, onChange }: Props): ReactNode {
  const typing = useTyping(value, onChange);
  return (
    <>
      <Textarea
        id={id}
        autosize
        minRows={1}
        maxRows={14}
        spellCheck={false}
        placeholder="$context.createIssue.iid"
        value={typing.text}
        styles={{
          input: {
            fontFamily: "var(--mantine-font-family-monospace)",
            fontSize: "var(--mantine-font-size-xs)",
          },
        }}
        onChange={(event) => {
          typing.change(event.currentTarget.value);
        }}
        onBlur={typing.settle}
      />
      <Preview expression={typing.text} path={path} />
    </>
  );
}

const shownMax = 2000;

function Preview({ expression, path }: { expression: string; path: Path }): ReactNode {
  const { document, sample } = useBuilder();
  const frame = useMemo(
    () => frameAt(document.source.data, document.steps, path, sample),
    [document.source.data, document.steps, path, sample],
  );
  const [asked] = useDebouncedValue(expression.trim(), 350);
  const answer = useQuery({
    queryKey: ["evaluate", asked, frame],
    queryFn: ({ signal }) => evaluate(asked, frame, signal),
    enabled: asked !== "",
    retry: false,
    gcTime: 60_000,
  });
  if (asked === "") return null;
  if (answer.error)
    return (
      <pre className={classes["preview"]} data-fault="">
        {answer.error.message}
      </pre>
    );
  if (answer.data === undefined) return <pre className={classes["preview"]}>…</pre>;
  return (
    <pre className={classes["preview"]} aria-label="Result on sample data">
      {answer.data === null
        ? "null on this sample data"
        : JSON.stringify(answer.data, null, 1).slice(0, shownMax)}
    </pre>
  );
}
