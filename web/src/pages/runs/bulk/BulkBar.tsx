// What can be ordered for the chosen runs, or for all that match the filter.
import { Button, Group, Menu, Text } from "@mantine/core";
import { useState } from "react";
import { notForAll, type RunFilter } from "../model/filters";
import type { Run } from "../model/run";
import { BulkDialog } from "./BulkDialog";
import { applies, orderWords, type Order } from "./orders";

interface Props {
  chosen: readonly Run[];
  filter: RunFilter;
  onClear: () => void;
  onDone: () => void;
}

const orders: readonly Order[] = ["replay", "cancel", "pause", "resume"];

export function BulkBar({ chosen, filter, onClear, onDone }: Props) {
  const [open, setOpen] = useState<{ order: Order; runs: readonly Run[] | null } | null>(null);
  const unfit = notForAll(filter);
  return (
    <Group gap="xs" mb="xs" mih={30} role="toolbar" aria-label="Orders for several runs">
      {chosen.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            {chosen.length} selected
          </Text>
          {orders.map((order) => (
            <Button
              key={order}
              size="compact-sm"
              variant="default"
              disabled={!chosen.some((run) => applies(order, run))}
              onClick={() => setOpen({ order, runs: chosen })}
            >
              {orderWords[order].verb}
            </Button>
          ))}
          <Button size="compact-sm" variant="subtle" onClick={onClear}>
            Clear
          </Button>
        </>
      )}
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray">
            Act on all that match…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {unfit !== "" && <Menu.Label>{unfit}</Menu.Label>}
          {orders.map((order) => (
            <Menu.Item
              key={order}
              disabled={unfit !== ""}
              onClick={() => setOpen({ order, runs: null })}
            >
              {orderWords[order].verb} all that match
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open && (
        <BulkDialog
          order={open.order}
          runs={open.runs}
          filter={filter}
          onClose={(worked) => {
            setOpen(null);
            if (!worked) return;
            onClear();
            onDone();
          }}
        />
      )}
    </Group>
  );
}
