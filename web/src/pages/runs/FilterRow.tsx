// What the lists of runs and of events are filtered by alike: words, a span of time, and the way back
// to everything.
import { Button, Group, Select, type SelectProps } from "@mantine/core";
import { useCallback, type ReactNode } from "react";
import { SearchField } from "../shared/SearchField";
import { spanLabels, spans, type Span } from "./model/filters";

interface Props<Filter extends { text: string; since: Span }> {
  // "runs", "events".
  what: string;
  search: { label: string; placeholder: string; w: SelectProps["w"] };
  // Of one list only, between the words and the time.
  between?: ReactNode;
  time: { label: string; w: SelectProps["w"] };
  filter: Filter;
  onChange: (filter: Filter) => void;
  onClear: (() => void) | undefined;
  // Of one list only, after the time.
  children: ReactNode;
}

export function FilterRow<Filter extends { text: string; since: Span }>(props: Props<Filter>) {
  const { filter, onChange } = props;
  const search = useCallback((text: string) => onChange({ ...filter, text }), [filter, onChange]);
  return (
    <Group gap="xs" mb="sm" role="search" aria-label={`Filter ${props.what}`}>
      <SearchField {...props.search} text={filter.text} onSearch={search} />
      {props.between}
      <Select
        aria-label={props.time.label}
        data={spans.map((each) => ({ value: each, label: spanLabels[each] }))}
        value={filter.since}
        onChange={(since) => onChange({ ...filter, since: (since ?? "") as Span })}
        allowDeselect={false}
        size="xs"
        w={props.time.w}
      />
      {props.children}
      {props.onClear && (
        <Button size="xs" variant="subtle" onClick={props.onClear}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}
