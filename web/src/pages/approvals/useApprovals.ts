// The inbox of approvals: what waits for people, what they decided.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { server } from "../../api/server";
import { query } from "../shared/api";

const pageSize = 50;
const freshEveryMs = 5_000;

export type Box = "open" | "decided";

// The API filters by one status; "decided" is every other than open.
export function useApprovals(box: Box) {
  return useInfiniteQuery({
    queryKey: ["approvals", box],
    queryFn: async ({ pageParam }) => {
      const status = box === "open" ? "open" : "";
      const page = await server.get(
        `/approvals${query({ status, limit: pageSize, cursor: pageParam })}`,
      );
      return box === "open"
        ? page
        : { ...page, items: page.items.filter((each) => each.status !== "open") };
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: freshEveryMs,
  });
}

export function useApproval(id: string) {
  return useQuery({
    queryKey: ["approval", id],
    queryFn: () => server.get(`/approvals/${encodeURIComponent(id)}`),
    refetchInterval: (state) => (state.state.data?.status === "open" ? freshEveryMs : false),
  });
}
