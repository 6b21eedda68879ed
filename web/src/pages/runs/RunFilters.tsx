// The filters above the runs table.
import { Button, Group, MultiSelect, Select } from "@mantine/core";
import { useCallback } from "react";
import { SearchField } from "../shared/SearchField";
import {
  isFiltered,
  noFilter,
  spanLabels,
  spans,
  type RunFilter,
  type Span,
} from "./model/filters";
import { runStatuses, type RunStatus } from "./model/run";
import { shortId } from "./model/words";
import { WorkflowChoice } from "./WorkflowChoice";

interface Props {
  filter: RunFilter;
  onChange: (filter: RunFilter) => void;
}

export function RunFilters({ filter, onChange }: Props) {
  const search = useCallback((text: string) => onChange({ ...filter, text }), [filter, onChange]);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter runs">
      <SearchField
        label="Search in what triggered runs and what they wait for"
        placeholder="Search trigger, wait or id"
        text={filter.text}
        onSearch={search}
        w={{ base: "calc(50% - 5px)", xs: 220 }}
      />
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
      <WorkflowChoice
        workflow={filter.workflow}
        onChange={(workflow) => onChange({ ...filter, workflow })}
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
