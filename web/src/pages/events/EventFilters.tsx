// The filters above the events.
import { Button } from "@mantine/core";
import { FilterRow } from "../runs/FilterRow";
import { isFiltered, noFilter, type EventFilter } from "./filter";

interface Props {
  filter: EventFilter;
  onChange: (filter: EventFilter) => void;
}

export function EventFilters({ filter, onChange }: Props) {
  return (
    <FilterRow
      what="events"
      search={{
        label: "Search events",
        placeholder: "Type, subject, source or id",
        w: { base: "calc(60% - 5px)", xs: 260 },
      }}
      time={{ label: "Received", w: { base: "calc(40% - 5px)", xs: 140 } }}
      filter={filter}
      onChange={onChange}
      onClear={isFiltered(filter) ? () => onChange(noFilter) : undefined}
    >
      {filter.type !== "" && (
        <Button
          size="xs"
          variant="light"
          maw="100%"
          onClick={() => onChange({ ...filter, type: "" })}
          aria-label={`All types, not only ${filter.type}`}
        >
          {filter.type} ✕
        </Button>
      )}
    </FilterRow>
  );
}
