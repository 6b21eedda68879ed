// One form of the language (model/kindForms.ts, workflowForms.ts), over the part of the step or of
// the workflow that it is about.

import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { valueAt, type Path } from "../document/path";
import { fieldsOf } from "../model/fields";
import type { KindForm } from "../model/formParts";
import { isData } from "../model/outline";
import { SchemaForm } from "./SchemaForm";

interface Props {
  /** Where the form's path begins: what a step says; the document. */
  body: Path;
  form: KindForm;
}

export function KindFields({ body, form }: Props): ReactNode {
  const { document } = useBuilder();
  const base = [...body, ...form.path];
  const value = valueAt(document.source.data, base);
  // A name of `use`: there is nothing to fill in here.
  if (form.path.length > 0 && value !== undefined && !isData(value))
    return (
      <Text size="sm">
        <code>{form.path.join(".")}</code> is <code>{JSON.stringify(value)}</code>: see the YAML
        view.
      </Text>
    );
  const fields = (
    <SchemaForm
      fields={fieldsOf(form.schema)}
      base={base}
      keep={form.path[0] === "with" ? base : form.path[0] === "document" ? ["document"] : body}
    />
  );
  if (form.heading === undefined) return fields;
  return (
    <Stack gap="md">
      <Title order={4} size="h5">
        {form.heading}
      </Title>
      {fields}
    </Stack>
  );
}
