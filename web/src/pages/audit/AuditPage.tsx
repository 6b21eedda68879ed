// The audit log: who did what, when and from where; a file of it; and whether its chain is whole.
import { Alert, Button, Group, Select, Skeleton, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { spanLabels, spans, startedAfter, type Span } from "../runs/model/filters";
import { AuditTable } from "./AuditTable";

interface Filter {
  actor: string;
  action: string;
  since: Span;
}

const pageSize = 100;

function filterFrom(search: string): Filter {
  const given = new URLSearchParams(search);
  const since = given.get("since") ?? "";
  return {
    actor: given.get("actor") ?? "",
    action: given.get("action") ?? "",
    since: spans.find((each) => each === since) ?? "",
  };
}

function asked(filter: Filter): Record<string, string> {
  return {
    actor: filter.actor,
    action: filter.action,
    from: startedAfter(filter.since, Date.now()),
  };
}

export default function AuditPage() {
  const [, go] = useLocation();
  const filter = filterFrom(useSearch());
  const change = (next: Filter) => go(`/audit${query({ ...next })}`, { replace: true });
  const list = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) =>
      server.get(`/audit${query({ ...asked(filter), limit: pageSize, cursor: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={
          <>
            <Button
              component="a"
              size="xs"
              variant="default"
              href={`/api/v1/audit/export${query(asked(filter))}`}
              download="audit.jsonl"
            >
              Export (JSON lines)
            </Button>
          </>
        }
      >
        Who did what, when and from where. Each entry seals the one before it.
      </PageHeader>
      <ChainCheck />
      <Filters filter={filter} onChange={change} />
      {list.isError ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton height={240} />
      ) : items.length === 0 ? (
        <EmptyState title="No entry matches">
          Every change, sign-in and refusal is written here as it happens.
        </EmptyState>
      ) : (
        <AuditTable entries={items} />
      )}
      {list.hasNextPage && (
        <Group justify="center" py="md">
          <Button
            size="xs"
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older entries
          </Button>
        </Group>
      )}
    </>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const [actor, setActor] = useState(filter.actor);
  const [action, setAction] = useState(filter.action);
  return (
    <form
      role="search"
      aria-label="Filter the audit log"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...filter, actor: actor.trim(), action: action.trim() });
      }}
    >
      <Group gap="xs" mb="sm">
        <TextInput
          size="xs"
          aria-label="Who"
          placeholder="Who"
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          aria-label="Action"
          placeholder="Action, like run.cancel"
          value={action}
          onChange={(event) => setAction(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={140}
          aria-label="When"
          value={filter.since}
          onChange={(since) => onChange({ ...filter, since: (since ?? "") as Span })}
          allowDeselect={false}
          data={spans.map((each) => ({ value: each, label: spanLabels[each] }))}
        />
        <Button type="submit" size="xs" variant="default">
          Filter
        </Button>
      </Group>
    </form>
  );
}

type Checked = Answer<"get", "/audit/check">;

function verdict({ whole, entries, brokenAt, head }: Checked): string {
  if (whole) {
    return `Whole: ${entries} entries, none changed or missing. Head ${head.hash.slice(0, 16)}…`;
  }
  return (
    `Broken at entry ${brokenAt}: it or one before it was changed or removed from outside. ` +
    "Restore the database from a backup and find out who has access to its file."
  );
}

function ChainCheck() {
  const check = useMutation({ mutationFn: () => server.get("/audit/check") });
  const found = check.data;
  return (
    <Group gap="sm" mb="sm" align="flex-start">
      <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
        Check that the chain is whole
      </Button>
      {check.isError && <ErrorPanel error={check.error} />}
      {found && (
        <Alert
          color={found.whole ? "green" : "red"}
          p="xs"
          role="status"
          style={{ overflowWrap: "anywhere" }}
        >
          {verdict(found)}
        </Alert>
      )}
    </Group>
  );
}
