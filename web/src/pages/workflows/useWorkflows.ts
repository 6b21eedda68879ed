// What the pages about workflows read from the server.

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import type { RunBrief, Template, Workflow } from "../../builder/server/types";
import {
  getWorkflow,
  lastRuns,
  listTemplates,
  type WorkflowRef,
} from "../../builder/server/workflows";
import { query } from "../shared/api";
import type { ListFilter } from "./listFilter";

const pageRows = 50;

export const useWorkflowList = (filter: ListFilter) =>
  usePages(["workflow-list", filter], (cursor) =>
    server.get(
      `/workflows${query({ q: filter.text.trim(), status: filter.state, limit: pageRows, cursor })}`,
    ),
  );

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
