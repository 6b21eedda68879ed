// What can be done with a whole step, as a menu.

import { Menu, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { Step } from "../model/outline";
import { useStepActions } from "../useStepActions";
import { Icon } from "./Icon";
import classes from "./StepList.module.css";

export function StepMenu({ step }: { step: Step }): ReactNode {
  const actions = useStepActions();
  return (
    <Menu position="bottom-end" withinPortal shadow="md">
      <Menu.Target>
        <UnstyledButton
          className={classes["more"] ?? ""}
          aria-label={`More about ${step.name}`}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          <Icon name="more" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown
        onClick={(event) => {
          event.stopPropagation();
        }}
      >
        <Menu.Item
          onClick={() => {
            actions.move(step, "up");
          }}
          rightSection="Alt ↑"
        >
          Move up
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            actions.move(step, "down");
          }}
          rightSection="Alt ↓"
        >
          Move down
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            actions.move(step, "in");
          }}
          rightSection="Alt →"
        >
          Move into the step above
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            actions.move(step, "out");
          }}
          rightSection="Alt ←"
        >
          Move out
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          onClick={() => {
            actions.duplicate(step);
          }}
        >
          Duplicate
        </Menu.Item>
        <Menu.Item
          color="red"
          onClick={() => {
            actions.remove(step);
          }}
          rightSection="Del"
        >
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
