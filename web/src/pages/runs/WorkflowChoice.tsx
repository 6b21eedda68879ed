// Of which workflow: searched at the server, as there may be thousands.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../api/server";
import { query } from "../shared/api";
import { workflowPath } from "./model/run";

const shownMax = 50;
const typingPauseMs = 200;

interface Props {
  // "ops/x"; "" is any.
  workflow: string;
  onChange: (workflow: string) => void;
}

export function WorkflowChoice({ workflow, onChange }: Props) {
  const [typed, setTyped] = useState("");
  // The field says the workflow that is chosen: that is not a search.
  const [text] = useDebouncedValue(typed === workflow ? "" : typed, typingPauseMs);
  const found = useQuery({
    queryKey: ["workflows", "names", text],
    queryFn: () => server.get(`/workflows${query({ q: text, limit: shownMax })}`),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const names = new Set((found.data?.items ?? []).map(workflowPath));
  if (workflow !== "") names.add(workflow);
  return (
    <Select
      aria-label="Workflow"
      placeholder="Any workflow"
      data={[...names].sort()}
      // What the server found may have the words in its title.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage="No workflow is called so"
      value={workflow || null}
      onChange={(next) => onChange(next ?? "")}
      searchable
      clearable
      size="xs"
      w={{ base: "calc(50% - 5px)", xs: 210 }}
    />
  );
}
