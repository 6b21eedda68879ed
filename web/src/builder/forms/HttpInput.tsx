// The values of an HTTP call: its endpoint is a URL, or a URL with authentication.

import { Button, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useBuilder } from "../context";
import { valueAt } from "../document/path";
import { httpForms } from "../model/httpForms";
import { isData, type Step } from "../model/outline";
import { KindFields } from "./KindFields";

export function HttpInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const path = [...step.body, "with", "endpoint"];
  const endpoint = valueAt(document.source.data, path);
  return (
    <Stack gap="md">
      {httpForms(endpoint).map((form) => (
        <KindFields key={form.path.join(".")} body={step.body} form={form} />
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          onClick={() => {
            const value = isData(endpoint)
              ? (endpoint["uri"] ?? "")
              : { uri: endpoint ?? "", authentication: { bearer: { token: "" } } };
            document.apply([{ kind: "set", path, value }]);
          }}
        >
          {isData(endpoint) ? "Without authentication" : "With authentication"}
        </Button>
      </div>
    </Stack>
  );
}
