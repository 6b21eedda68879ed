// How many approvals wait, for the badge in the navigation: "3", "50+", or "" for none.
import { useQuery } from "@tanstack/react-query";
import { api, type Page } from "../shared/api";
import type { Approval } from "./approval";

const countedMax = 50;
const freshEveryMs = 15_000;

export function useApprovalCount(): string {
  const open = useQuery({
    queryKey: ["approvals", "count"],
    queryFn: () => api.get<Page<Approval>>(`/approvals?status=open&limit=${countedMax}`),
    refetchInterval: freshEveryMs,
  });
  const count = open.data?.items.length ?? 0;
  if (count === 0) return "";
  return open.data?.nextCursor ? `${countedMax}+` : String(count);
}
