// Live pickers: a thing, or several, of the connected GitLab. A pasted URL or anything typed is
// taken as it is; the server resolves it.

import {
  Combobox,
  InputBase,
  Loader,
  TagsInput,
  Text,
  useCombobox,
  type ComboboxItem,
} from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import type { Path } from "../document/path";
import { typed, type Field, type Picker } from "../model/fields";
import { text } from "../model/outline";
import { frameAt, knownValue } from "../model/sampleContext";
import { useLookup, type About, type Lookup } from "./useLookup";

interface Props {
  id: string;
  field: Field;
  path: Path;
  value: unknown;
  siblings: Record<string, unknown>;
  onChange: (value: unknown) => void;
}

/** Where to look: the connection and the project the other fields name, also by an expression. */
function useAbout(picker: Picker, path: Path, siblings: Record<string, unknown>): About {
  const { document, sample, connections } = useBuilder();
  const { data } = document.source;
  const frame = useMemo(
    () => frameAt(data, document.steps, path, sample),
    [data, document.steps, path, sample],
  );
  const named = knownValue(siblings["connection"], frame);
  const connection =
    connections.find((one) => (named ? one.name === named : one.default)) ?? connections[0];
  const parent = picker.parents
    .map((name) => text(knownValue(siblings[name], frame)))
    .find((value) => value !== "");
  return {
    connection: connection?.name,
    kind: picker.kind,
    parents: picker.parents,
    parent: parent ?? "",
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
  const about = useAbout(picker, path, siblings);
  return (
    <PickerBox
      id={id}
      value={value}
      example={field.example}
      about={about}
      toValue={(written) => typed(field, written)}
      onChange={onChange}
    />
  );
}

interface BoxProps {
  id: string;
  value: unknown;
  example: string;
  about: About;
  /** What is typed, as a value. */
  toValue: (written: string) => unknown;
  onChange: (value: unknown) => void;
}

const moreOption = "#more"; // no id, path or name of GitLab's begins with #

export function PickerBox({ id, value, example, about, toValue, onChange }: BoxProps): ReactNode {
  const [search, setSearch] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
    },
  });
  const lookup = useLookup(about, search ?? "", combobox.dropdownOpened);
  const take = (written: string): void => {
    const item = lookup.items.find((one) => String(one.value) === written);
    onChange(written === "" ? undefined : (item?.value ?? toValue(written)));
    setSearch(null);
  };
  const submit = (option: string): void => {
    if (option === moreOption) {
      lookup.more();
      return;
    }
    take(option);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} withinPortal onOptionSubmit={submit}>
      <Combobox.Target>
        <InputBase
          id={id}
          value={search ?? text(value)}
          placeholder={example === "" ? "Search, or paste a URL" : example}
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
        <Options lookup={lookup} chosen={value} />
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Options({ lookup, chosen }: { lookup: Lookup; chosen: unknown }): ReactNode {
  return (
    <Combobox.Options aria-label="Found" mah={280} style={{ overflowY: "auto" }}>
      {lookup.items.map((item) => (
        <Combobox.Option
          key={String(item.value)}
          value={String(item.value)}
          active={item.value === chosen}
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
        <Combobox.Option value={moreOption}>
          <Text size="sm" c="dimmed">
            {lookup.busy ? "Loading…" : "More…"}
          </Text>
        </Combobox.Option>
      ) : null}
      {lookup.items.length > 0 ? null : (
        // An option that cannot be chosen: a list of options without one is none to a screen reader.
        <Combobox.Option value="" disabled>
          {lookup.busy
            ? "Looking…"
            : lookup.hint || "Nothing found. What you type is used as it is."}
        </Combobox.Option>
      )}
    </Combobox.Options>
  );
}

export function PickerTags(props: Props & { item: Field; picker: Picker }): ReactNode {
  const { id, item, value, onChange } = props;
  const about = useAbout(props.picker, props.path, props.siblings);
  return (
    <PickerTagsBox
      id={id}
      value={value}
      about={about}
      toValue={(written) => typed(item, written)}
      onChange={onChange}
    />
  );
}

export function PickerTagsBox(props: Omit<BoxProps, "example">): ReactNode {
  const { id, value, about, toValue, onChange } = props;
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState(false);
  const lookup = useLookup(about, search, open);
  const items = new Map(lookup.items.map((one) => [String(one.value), one]));
  const chosen = Array.isArray(value) ? value.map(text) : [];
  return (
    <TagsInput
      id={id}
      value={chosen}
      searchValue={search}
      onSearchChange={setSearch}
      acceptValueOnBlur
      data={[...items.keys()].map((one): ComboboxItem => ({ value: one, label: one }))}
      filter={({ options }) => options}
      placeholder={chosen.length === 0 ? "Search, or type and Enter" : ""}
      rightSection={lookup.busy ? <Loader size="xs" /> : null}
      description={
        open && items.size === 0 && !lookup.busy && lookup.hint !== "" ? lookup.hint : undefined
      }
      inputWrapperOrder={["input", "description"]}
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
          next.length === 0 ? undefined : next.map((one) => items.get(one)?.value ?? toValue(one)),
        );
      }}
    />
  );
}
