// A JSON value to read and to copy. Long ones are cut until somebody asks for the rest.
import { Box, Button, CopyButton, Group } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Json } from "../runs/model/json";
import classes from "./JsonView.module.css";

const shownMax = 6_000;

export function JsonView({ value, label }: { value: Json | undefined; label: string }) {
  const [whole, setWhole] = useState(false);
  const text = useMemo(() => JSON.stringify(value ?? null, null, 2), [value]);
  const cut = !whole && text.length > shownMax;
  return (
    <Box className={classes.frame}>
      <pre className={classes.text} tabIndex={0} aria-label={label}>
        {cut ? `${text.slice(0, shownMax)}…` : text}
      </pre>
      <Group gap={4} className={classes.tools}>
        {cut && (
          <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>
            Show all {Math.ceil(text.length / 1024)} kB
          </Button>
        )}
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy ${label}`}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Box>
  );
}
