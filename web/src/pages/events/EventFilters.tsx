// The filters above the events.
import { Button, Group, Select } from "@mantine/core";
import { useCallback } from "react";
import { spanLabels, spans, type Span } from "../runs/model/filters";
import { SearchField } from "../shared/SearchField";
import { isFiltered, noFilter, type EventFilter } from "./filter";

interface Props {
  filter: EventFilter;
  onChange: (filter: EventFilter) => void;
}

export function EventFilters({ filter, onChange }: Props) {
  const search = useCallback((text: string) => onChange({ ...filter, text }), [filter, onChange]);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label="Filter events">
      <SearchField
        label="Search events"
        placeholder="Type, subject, source or id"
        text={filter.text}
        onSearch={search}
        w={{ base: "calc(60% - 5px)", xs: 260 }}
      />
      <Select
        aria-label="Received"
        data={spans.map((each) => ({ value: each, label: spanLabels[each] }))}
        value={filter.since}
        onChange={(since) => onChange({ ...filter, since: (since ?? "") as Span })}
        allowDeselect={false}
        size="xs"
        w={{ base: "calc(40% - 5px)", xs: 140 }}
      />
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
      {isFiltered(filter) && (
        <Button size="xs" variant="subtle" onClick={() => onChange(noFilter)}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}
