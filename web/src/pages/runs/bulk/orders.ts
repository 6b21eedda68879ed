// An order for many runs: which of them it can concern, and giving it with its progress.
//
// Chosen runs are ordered one by one; all runs of a filter by the server, a page at a time, so that
// an order that is interrupted has done what it says it did.
import type { Answer, Body } from "../../../api/routes";
import { server } from "../../../api/server";
import { Problem } from "../../shared/api";
import { startedAfter, type RunFilter } from "../model/filters";
import { hasEnded, ordersFor, type Run } from "../model/run";

export type Order = "replay" | "cancel" | "pause" | "resume";
export type Effects = "" | "adopt" | "repeat";

export const orderWords: Record<Order, { verb: string; done: string; what: string }> = {
  replay: {
    verb: "Replay",
    done: "started again",
    what: "Each run is run again as a new run, from the beginning.",
  },
  cancel: {
    verb: "Cancel",
    done: "cancelled",
    what: "Calls under way may still take effect at GitLab.",
  },
  pause: { verb: "Pause", done: "paused", what: "Nothing new begins; calls under way finish." },
  resume: { verb: "Resume", done: "resumed", what: "What is paused, parked or suspended goes on." },
};

export interface Options {
  reason: string;
  effects: Effects;
}

export interface Done {
  run: string;
  error: string; // "": it worked
}

export interface Progress {
  done: Done[];
  of: number;
}

export function applies(order: Order, run: Run): boolean {
  if (order === "replay") return hasEnded(run.status);
  return ordersFor(run)[order];
}

// One answer counts (a dry run), the other says what was done.
type BulkAnswer = Answer<"post", "/bulk/runs">;
export type BulkCount = Extract<BulkAnswer, { runs: number }>;
type BulkOrder = Body<"post", "/bulk/runs">;

function bodyOf(order: Order, filter: RunFilter, options: Options): BulkOrder {
  const after = startedAfter(filter.since, Date.now());
  return {
    action: order,
    filter: {
      ...(filter.statuses.length > 0 ? { status: filter.statuses } : {}),
      ...(filter.workflow !== "" ? { workflow: filter.workflow } : {}),
      ...(after !== "" ? { startedAfter: after } : {}),
    },
    ...(options.reason !== "" ? { reason: options.reason } : {}),
    ...(order === "replay" && options.effects !== "" ? { effects: options.effects } : {}),
  };
}

export async function countAll(order: Order, filter: RunFilter): Promise<BulkCount> {
  const body = bodyOf(order, filter, { reason: "", effects: "" });
  const answer = await server.post("/bulk/runs", { ...body, dryRun: true });
  if (!("runs" in answer)) throw new Error("The server gave the order instead of counting.");
  return answer;
}

// Calls `tell` after each page; ends early when `stopped` says so.
export async function orderAll(
  order: Order,
  filter: RunFilter,
  options: Options,
  of: number,
  tell: (progress: Progress) => void,
  stopped: () => boolean,
): Promise<void> {
  const body = bodyOf(order, filter, options);
  const done: Done[] = [];
  for (let cursor = ""; !stopped();) {
    const page = await server.post("/bulk/runs", { ...body, ...(cursor ? { cursor } : {}) });
    if (!("items" in page)) throw new Error("The server counted instead of giving the order.");
    for (const { run, error } of page.items) {
      done.push({ run, error: error ? (error.message ?? error.title ?? "It did not work") : "" });
    }
    tell({ done: [...done], of: Math.max(of, done.length) });
    cursor = page.nextCursor;
    if (cursor === "") return;
  }
}

const atOnce = 4;

export async function orderChosen(
  order: Order,
  runs: readonly Run[],
  options: Options,
  tell: (progress: Progress) => void,
  stopped: () => boolean,
): Promise<void> {
  const left = [...runs];
  const done: Done[] = [];
  const replaying =
    order === "replay" && options.effects !== "" ? { effects: options.effects } : {};
  const pausing = options.reason !== "" ? { reason: options.reason } : {};
  const give = (id: string): Promise<unknown> => {
    if (order === "replay") return server.post(`/runs/${id}/replay`, replaying);
    if (order === "pause") return server.post(`/runs/${id}/pause`, pausing);
    if (order === "cancel") return server.post(`/runs/${id}/cancel`);
    return server.post(`/runs/${id}/resume`);
  };
  const work = async () => {
    for (let run = left.shift(); run && !stopped(); run = left.shift()) {
      let error = "";
      try {
        await give(run.id);
      } catch (failure) {
        error = failure instanceof Problem ? failure.message : String(failure);
      }
      done.push({ run: run.id, error });
      tell({ done: [...done], of: runs.length });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
