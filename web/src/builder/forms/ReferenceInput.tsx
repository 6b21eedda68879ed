// Choosing a value of an earlier step. A step whose result is not kept yet is made to keep it.

import { Combobox, Input, InputBase, useCombobox } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import type { Path } from "../document/path";
import { pathWords } from "../model/expression";
import { referencesAt, type Reference } from "../model/references";

interface Props {
  id: string;
  path: Path;
  value: string;
  onChange: (reference: Reference) => void;
}

const shownMax = 80;

export function ReferenceInput({ id, path, value, onChange }: Props): ReactNode {
  const { document, outputOf } = useBuilder();
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => {
      setSearch("");
      combobox.resetSelectedOption();
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput();
    },
  });
  const references = useMemo(
    () => referencesAt(document.source.data, document.steps, path, outputOf),
    [document.source.data, document.steps, path, outputOf],
  );
  const words = search.toLowerCase().split(/\s+/);
  const found = references
    .filter((reference) =>
      words.every((word) =>
        `${reference.group} ${reference.label} ${reference.expression}`
          .toLowerCase()
          .includes(word),
      ),
    )
    .slice(0, shownMax);
  const groups = [...new Set(found.map((reference) => reference.group))];
  const take = (expression: string): void => {
    const reference = references.find((one) => one.expression === expression);
    if (reference) onChange(reference);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={take} withinPortal>
      <Combobox.Target targetType="button">
        <InputBase
          id={id}
          component="button"
          type="button"
          pointer
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onClick={() => {
            combobox.toggleDropdown();
          }}
        >
          {value === "" ? <Input.Placeholder>Choose a value</Input.Placeholder> : pathWords(value)}
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
          placeholder="Search values"
          aria-label="Search values"
        />
        <Combobox.Options
          aria-label="Values of earlier steps"
          mah={320}
          style={{ overflowY: "auto" }}
        >
          {found.length === 0 ? (
            <Combobox.Empty>
              No earlier step keeps a result. Use jq, or add a step before this one.
            </Combobox.Empty>
          ) : null}
          {groups.map((group) => (
            <Combobox.Group key={group} label={group}>
              {found
                .filter((reference) => reference.group === group)
                .map((reference) => (
                  <Combobox.Option
                    key={reference.expression}
                    value={reference.expression}
                    active={reference.expression === value}
                  >
                    {reference.label || reference.expression}
                    {reference.detail === "" ? null : (
                      <span style={{ color: "var(--mantine-color-dimmed)" }}>
                        {" "}
                        · {reference.detail}
                      </span>
                    )}
                  </Combobox.Option>
                ))}
            </Combobox.Group>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
