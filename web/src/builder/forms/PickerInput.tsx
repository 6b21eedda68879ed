// Live pickers: what there is at the connected GitLab, searched there, page by page. A pasted URL or
// anything typed is taken as it is; the server resolves it.

import {
  Combobox,
  InputBase,
  Loader,
  TagsInput,
  Text,
  useCombobox,
  type ComboboxItem,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import type { Path } from "../document/path";
import { typed, type Field, type Picker } from "../model/fields";
import { text } from "../model/outline";
import { frameAt, knownValue } from "../model/sampleContext";
import type { PickItem } from "../server/types";
import { pick } from "../server/workflows";

interface Props {
  id: string;
  field: Field;
  path: Path;
  value: unknown;
  siblings: Record<string, unknown>;
  onChange: (value: unknown) => void;
}

interface Lookup {
  items: PickItem[];
  busy: boolean;
  fault: string;
  hasMore: boolean;
  more: () => void;
  hint: string; // why nothing can be looked up; "" if it can
}

function useLookup(
  picker: Picker,
  path: Path,
  siblings: Record<string, unknown>,
  search: string,
  open: boolean,
): Lookup {
  const { document, sample, connections } = useBuilder();
  const frame = useMemo(
    () => frameAt(document.source.data, document.steps, path, sample),
    [document.source.data, document.steps, path, sample],
  );
  const named = knownValue(siblings["connection"], frame);
  const connection =
    connections.find((one) => (named ? one.name === named : one.default)) ?? connections[0];
  const parent = picker.parents
    .map((name) => text(knownValue(siblings[name], frame)))
    .find((value) => value !== "");
  const [asked] = useDebouncedValue(search.trim(), 250);
  const needs = picker.parents.length > 0 && !parent;
  const answer = useInfiniteQuery({
    queryKey: ["pick", connection?.name, picker.kind, parent, asked],
    queryFn: ({ pageParam, signal }) =>
      pick(
        {
          connection: connection?.name ?? "",
          kind: picker.kind,
          search: asked,
          ...(parent ? { parent } : {}),
          ...(pageParam ? { page: pageParam } : {}),
        },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (last) => (last.nextPage ? String(last.nextPage) : undefined),
    enabled: open && connection !== undefined && !needs,
    staleTime: 30_000,
    retry: false,
  });
  const hint =
    connection === undefined
      ? "No GitLab is connected: type the value, or connect one in the App Store."
      : needs
        ? `Choose the ${picker.parents.join(" or ")} first, or type the value.`
        : "";
  return {
    items: answer.data?.pages.flatMap((page) => page.items) ?? [],
    busy: answer.isFetching,
    fault: answer.error?.message ?? "",
    hint,
    hasMore: answer.hasNextPage,
    more: () => void answer.fetchNextPage(),
  };
}

export function PickerInput({
  id,
  field,
  path,
  value,
  siblings,
  picker,
  onChange,
}: Props & { picker: Picker }): ReactNode {
  const [search, setSearch] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
    },
  });
  const lookup = useLookup(picker, path, siblings, search ?? "", combobox.dropdownOpened);
  const take = (written: string): void => {
    const item = lookup.items.find((one) => String(one.value) === written);
    onChange(written === "" ? undefined : (item?.value ?? typed(field, written)));
    setSearch(null);
  };
  return (
    <Combobox
      store={combobox}
      withinPortal
      onOptionSubmit={(next) => {
        if (next === "\u0000more") {
          lookup.more();
          return;
        }
        take(next);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          id={id}
          value={search ?? text(value)}
          placeholder={field.example === "" ? `Search, or paste a URL` : field.example}
          autoComplete="off"
          rightSection={lookup.busy ? <Loader size="xs" /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onFocus={() => {
            combobox.openDropdown();
          }}
          onClick={() => {
            combobox.openDropdown();
          }}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onBlur={() => {
            combobox.closeDropdown();
            if (search !== null) take(search.trim());
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: "auto" }}>
          {lookup.items.map((item) => (
            <Combobox.Option
              key={String(item.value)}
              value={String(item.value)}
              active={item.value === value}
            >
              <Text size="sm" truncate>
                {item.label}
              </Text>
              {item.detail ? (
                <Text size="xs" c="dimmed" truncate>
                  {item.detail}
                </Text>
              ) : null}
            </Combobox.Option>
          ))}
          {lookup.hasMore ? (
            <Combobox.Option value={"\u0000more"}>
              <Text size="sm" c="dimmed">
                {lookup.busy ? "Loading…" : "More…"}
              </Text>
            </Combobox.Option>
          ) : null}
          {lookup.items.length > 0 || lookup.busy ? null : (
            <Combobox.Empty>
              {lookup.hint || lookup.fault || "Nothing found. What you type is used as it is."}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

export function PickerTags({
  id,
  path,
  value,
  siblings,
  item,
  picker,
  onChange,
}: Props & { item: Field; picker: Picker }): ReactNode {
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState(false);
  const lookup = useLookup(picker, path, siblings, search, open);
  const items = new Map(lookup.items.map((one) => [String(one.value), one]));
  const chosen = Array.isArray(value) ? value.map(text) : [];
  return (
    <TagsInput
      id={id}
      value={chosen}
      searchValue={search}
      onSearchChange={setSearch}
      acceptValueOnBlur
      data={lookup.items.map((one): ComboboxItem => ({
        value: String(one.value),
        label: String(one.value),
      }))}
      filter={({ options }) =>
        options.filter((option) => !("value" in option) || !chosen.includes(option.value))
      }
      placeholder={chosen.length === 0 ? "Search, or type and Enter" : ""}
      rightSection={lookup.busy ? <Loader size="xs" /> : null}
      description={
        open && lookup.items.length === 0 && !lookup.busy ? lookup.hint || lookup.fault : undefined
      }
      inputWrapperOrder={["input", "description"]}
      onDropdownOpen={() => {
        setOpen(true);
      }}
      onFocus={() => {
        setOpen(true);
      }}
      renderOption={({ option }) => {
        const found = items.get(option.value);
        return (
          <div>
            <Text size="sm" truncate>
              {found?.label ?? option.value}
            </Text>
            {found?.detail ? (
              <Text size="xs" c="dimmed" truncate>
                {found.detail}
              </Text>
            ) : null}
          </div>
        );
      }}
      onChange={(next) => {
        onChange(
          next.length === 0
            ? undefined
            : next.map((one) => items.get(one)?.value ?? typed(item, one)),
        );
      }}
    />
  );
}
