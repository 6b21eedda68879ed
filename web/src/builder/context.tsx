// What every part of the builder shares: the document, the catalogue of actions, problems, sample
// data and the connection its live pickers look things up in.

import { asJson } from "../api/json";
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useMemo, type ReactNode } from "react";
import { valueAt } from "./document/path";
import { flattened, isData, text } from "./model/outline";
import type { Action, ActionBrief, ConnectionBrief, Problem, Sample } from "./server/types";
import {
  getAction,
  listActions,
  listConnections,
  samplesOf,
  type WorkflowRef,
} from "./server/workflows";
import type { WorkflowDocument } from "./useDocument";

export interface Builder {
  ref: WorkflowRef;
  document: WorkflowDocument;
  actions: ActionBrief[];
  connections: ConnectionBrief[];
  problems: Problem[];
  samples: Sample[];
  sample: Sample | null;
  setSample: (id: string) => void;
  /** The schema of what an action gives back, once it has been fetched. */
  outputOf: (call: string) => unknown;
}

const Shared = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = useContext(Shared);
  if (!builder) throw new Error("useBuilder() outside of a builder");
  return builder;
}

/** "create-issue:1.0.0@gitlab" as the id of the catalogue: "gitlab.create-issue". */
export function actionId(call: string): string {
  const match = /^([^:@]+)(?::[^@]*)?@(.+)$/.exec(call);
  return match ? `${match[2]}.${match[1]}` : "";
}

export function callOf(action: ActionBrief): string {
  return `${action.name}:${action.version}@${action.catalog}`;
}

const day = 86_400_000;

export function useAction(call: string): UseQueryResult<Action> {
  const id = actionId(call);
  return useQuery({
    queryKey: ["action", id],
    queryFn: () => getAction(id),
    enabled: id !== "",
    staleTime: day,
  });
}

interface Props {
  workflow: WorkflowRef;
  document: WorkflowDocument;
  problems: Problem[];
  sampleId: string;
  setSample: (id: string) => void;
  children: ReactNode;
}

export function BuilderProvider({
  workflow,
  document,
  problems,
  sampleId,
  setSample,
  children,
}: Props): ReactNode {
  const actions = useQuery({ queryKey: ["actions"], queryFn: listActions, staleTime: day }).data;
  const connections = useQuery({
    queryKey: ["connections", "brief"],
    queryFn: listConnections,
  }).data;
  const samples = useQuery({
    queryKey: ["samples", workflow.namespace, workflow.name],
    queryFn: () => samplesOf(workflow),
    retry: false,
  }).data;
  const outputOf = useOutputs(document);
  const builder = useMemo<Builder>(() => {
    const all = [...(samples ?? []), ...templateSample(document.source.data)];
    return {
      ref: workflow,
      document,
      problems,
      setSample,
      outputOf,
      actions: actions ?? [],
      connections: connections ?? [],
      samples: all,
      sample: all.find((one) => one.id === sampleId) ?? all[0] ?? null,
    };
  }, [workflow, document, problems, setSample, outputOf, actions, connections, samples, sampleId]);
  return <Shared.Provider value={builder}>{children}</Shared.Provider>;
}

/** A template brings an event to try it with. */
function templateSample(data: unknown): Sample[] {
  const event = valueAt(data, ["document", "metadata", "template", "sampleEvent"]);
  if (!isData(event)) return [];
  return [
    {
      id: "template",
      label: `Sample event: ${text(event["type"])}`,
      input: asJson(event["data"] ?? event) ?? null,
    },
  ];
}

function useOutputs(document: WorkflowDocument): (call: string) => unknown {
  const ids = useMemo(
    () =>
      [
        ...new Set(
          flattened(document.steps)
            .map(({ step }) => actionId(step.call))
            .filter((id) => id !== ""),
        ),
      ].sort(),
    [document.steps],
  );
  const answers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["action", id],
      queryFn: () => getAction(id),
      staleTime: day,
    })),
    combine: (results) => results.map((result) => result.data),
  });
  return useCallback(
    (call: string): unknown =>
      answers.find((action) => action?.id === actionId(call))?.outputSchema,
    [answers],
  );
}
