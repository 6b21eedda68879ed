// A search field that asks once somebody has stopped typing.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { Icon } from "../../app/Icon";

const typingPauseMs = 300;

interface Props {
  label: string;
  placeholder: string;
  text: string;
  onSearch: (text: string) => void;
  w?: TextInputProps["w"];
}

export function SearchField({ label, placeholder, text, onSearch, w = 260 }: Props) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onSearch(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, text, onSearch]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      leftSection={<Icon name="search" size={14} />}
      size="xs"
      w={w}
      maw="100%"
    />
  );
}
