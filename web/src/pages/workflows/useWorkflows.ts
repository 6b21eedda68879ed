// What the pages about workflows read from the server.

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { RunBrief, Template, Workflow, WorkflowBrief } from "../../builder/server/types";
import {
  getWorkflow,
  lastRuns,
  listTemplates,
  listWorkflows,
  type WorkflowRef,
} from "../../builder/server/workflows";

export const useWorkflowList = (): UseQueryResult<WorkflowBrief[]> =>
  useQuery({ queryKey: ["workflow-list"], queryFn: listWorkflows });

export const useWorkflow = (ref: WorkflowRef): UseQueryResult<Workflow> =>
  useQuery({
    queryKey: ["workflow-shown", ref.namespace, ref.name],
    queryFn: () => getWorkflow(ref).then(({ workflow }) => workflow),
    retry: false,
  });

export const useTemplates = (): UseQueryResult<Template[]> =>
  useQuery({ queryKey: ["templates"], queryFn: listTemplates, staleTime: 3_600_000 });

export const useLastRuns = (ref: WorkflowRef, limit = 12): UseQueryResult<RunBrief[]> =>
  useQuery({
    queryKey: ["last-runs", ref.namespace, ref.name, limit],
    queryFn: () => lastRuns(ref, limit),
    refetchInterval: 15_000,
  });
