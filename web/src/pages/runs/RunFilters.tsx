// The filters above the runs table.
import { Button, MultiSelect } from "@mantine/core";
import { FilterRow } from "./FilterRow";
import { isFiltered, noFilter, type RunFilter } from "./model/filters";
import { runStatuses, type RunStatus } from "./model/run";
import { shortId } from "./model/words";
import { WorkflowChoice } from "./WorkflowChoice";

interface Props {
  filter: RunFilter;
  onChange: (filter: RunFilter) => void;
}

export function RunFilters({ filter, onChange }: Props) {
  return (
    <FilterRow
      what="runs"
      search={{
        label: "Search in what triggered runs and what they wait for",
        placeholder: "Search trigger, wait or id",
        w: { base: "calc(50% - 5px)", xs: 220 },
      }}
      between={
        <>
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
        </>
      }
      time={{ label: "Started", w: { base: "calc(50% - 5px)", xs: 140 } }}
      filter={filter}
      onChange={onChange}
      onClear={isFiltered(filter) ? () => onChange(noFilter) : undefined}
    >
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
    </FilterRow>
  );
}
