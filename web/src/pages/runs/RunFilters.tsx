// The filters above the runs table.
import { Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { server } from "../../api/server";
import {
  isFiltered,
  noFilter,
  spanLabels,
  spans,
  type RunFilter,
  type Span,
} from "./model/filters";
import { runStatuses, workflowPath, type RunStatus } from "./model/run";
import { shortId } from "./model/words";

const typingPauseMs = 300;

interface Props {
  filter: RunFilter;
  onChange: (filter: RunFilter) => void;
}

export function RunFilters({ filter, onChange }: Props) {
  const workflows = useQuery({
    queryKey: ["workflows", "names"],
    queryFn: () => server.get("/workflows"),
    staleTime: 60_000,
  });
  const names = new Set((workflows.data?.items ?? []).map(workflowPath));
  if (filter.workflow !== "") names.add(filter.workflow);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter runs">
      <SearchText text={filter.text} onChange={(text) => onChange({ ...filter, text })} />
      <MultiSelect
        aria-label="Status"
        placeholder={filter.statuses.length === 0 ? "Any status" : ""}
        data={runStatuses.map((each) => ({ value: each, label: each }))}
        value={filter.statuses}
        onChange={(statuses) => onChange({ ...filter, statuses: statuses as RunStatus[] })}
        clearable
        size="xs"
        w={{ base: "calc(50% - 5px)", xs: 230 }}
      />
      <Select
        aria-label="Workflow"
        placeholder="Any workflow"
        data={[...names].sort()}
        value={filter.workflow || null}
        onChange={(workflow) => onChange({ ...filter, workflow: workflow ?? "" })}
        searchable
        clearable
        size="xs"
        w={{ base: "calc(50% - 5px)", xs: 210 }}
      />
      <Select
        aria-label="Started"
        data={spans.map((each) => ({ value: each, label: spanLabels[each] }))}
        value={filter.since}
        onChange={(since) => onChange({ ...filter, since: (since ?? "") as Span })}
        allowDeselect={false}
        size="xs"
        w={{ base: "calc(50% - 5px)", xs: 140 }}
      />
      {filter.event !== "" && (
        <Button size="xs" variant="light" onClick={() => onChange({ ...filter, event: "" })}>
          Event {filter.event} ✕
        </Button>
      )}
      {filter.parent !== "" && (
        <Button size="xs" variant="light" onClick={() => onChange({ ...filter, parent: "" })}>
          Started by run {shortId(filter.parent)} ✕
        </Button>
      )}
      {isFiltered(filter) && (
        <Button size="xs" variant="subtle" onClick={() => onChange(noFilter)}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

// Asks once somebody has stopped typing.
function SearchText({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onChange(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <TextInput
      type="search"
      aria-label="Search in what triggered runs and what they wait for"
      placeholder="Search trigger, wait or id"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      size="xs"
      w={{ base: "calc(50% - 5px)", xs: 220 }}
    />
  );
}
