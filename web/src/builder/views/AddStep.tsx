// Choosing a new step: the actions of the catalogue and the kinds of step that are no action, in
// one list that is searched by typing.

import { Badge, Modal, ScrollArea, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { callOf, useBuilder } from "../context";
import type { Path } from "../document/path";
import { actionBody, functionKinds, nameFor, newKinds } from "../model/newSteps";
import { useStepActions } from "../useStepActions";
import { Icon, type IconName } from "./Icon";
import classes from "./AddStep.module.css";

interface Props {
  at: { list: Path; index: number } | null;
  onClose: () => void;
  onAdded: () => void;
}

interface Choice {
  id: string;
  group: string;
  label: string;
  hint: string;
  icon: IconName;
  badge: string;
  name: string;
  body: (name: string) => unknown;
}

export function AddStep({ at, onClose, onAdded }: Props): ReactNode {
  return (
    <Modal
      opened={at !== null}
      onClose={onClose}
      title="Add a step"
      size="lg"
      padding="md"
      returnFocus={false}
    >
      {at ? (
        <Chooser
          at={at}
          onDone={() => {
            onClose();
            onAdded();
          }}
        />
      ) : null}
    </Modal>
  );
}

function useChoices(): Choice[] {
  const { actions, document } = useBuilder();
  const { data } = document.source;
  return useMemo(
    () => [
      ...actions.map((action): Choice => ({
        id: action.id,
        group: action.catalog === "gitlab" ? "GitLab" : "People and waiting",
        label: action.title,
        hint: action.description,
        icon: action.catalog === "gitlab" ? "action" : "try",
        badge: action.effect === "reads" ? "" : action.effect,
        name: nameFor(action.name),
        body: (name) => actionBody(callOf(action), name),
      })),
      ...[...functionKinds(data), ...newKinds].map((kind): Choice => ({
        id: kind.kind === "function" ? `function-${kind.label}` : kind.kind,
        group: "Flow",
        label: kind.label,
        hint: kind.hint,
        icon: kind.kind,
        badge: "",
        name: kind.name,
        body: () => kind.body,
      })),
    ],
    [actions, data],
  );
}

const groups = ["GitLab", "People and waiting", "Flow"];

function Chooser({
  at,
  onDone,
}: {
  at: { list: Path; index: number };
  onDone: () => void;
}): ReactNode {
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const choices = useChoices();
  const { add } = useStepActions();
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = groups.flatMap((group) =>
    choices.filter(
      (choice) =>
        choice.group === group &&
        words.every((word) =>
          `${choice.label} ${choice.hint} ${choice.id}`.toLowerCase().includes(word),
        ),
    ),
  );
  const take = (choice: Choice | undefined): void => {
    if (!choice) return;
    add(at, choice.name, choice.body);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setActive(Math.min(found.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1));
    else if (event.key === "Enter") take(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        placeholder="Search actions and steps"
        aria-label="Search actions and steps"
        leftSection={<Icon name="search" />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded="true"
        aria-controls="new-steps"
        aria-activedescendant={found[active] ? `new-${found[active].id}` : undefined}
      />
      <ScrollArea.Autosize mah="60vh" mt="sm" type="auto">
        <div id="new-steps" role="listbox" aria-label="Steps to add">
          {found.length === 0 ? (
            <Text c="dimmed" size="sm" p="md">
              Nothing is called that. An HTTP request reaches any other service.
            </Text>
          ) : null}
          {found.map((choice, index) => (
            <div key={choice.id} role="presentation">
              {choice.group === found[index - 1]?.group ? null : (
                <Text size="xs" fw={600} c="dimmed" px="xs" pt="sm" pb={4}>
                  {choice.group}
                </Text>
              )}
              <UnstyledButton
                id={`new-${choice.id}`}
                role="option"
                aria-selected={index === active}
                tabIndex={-1}
                className={classes["choice"] ?? ""}
                onClick={() => {
                  take(choice);
                }}
                onMouseMove={() => {
                  setActive(index);
                }}
                ref={
                  index === active
                    ? (node: HTMLElement | null) => {
                        node?.scrollIntoView({ block: "nearest" });
                      }
                    : undefined
                }
              >
                <Icon name={choice.icon} />
                <span className={classes["words"]}>
                  <span>{choice.label}</span>
                  <span className={classes["hint"]}>{choice.hint}</span>
                </span>
                {choice.badge === "" ? null : (
                  <Badge
                    size="xs"
                    variant="light"
                    color={choice.badge === "deletes" ? "red" : "gray"}
                  >
                    {choice.badge}
                  </Badge>
                )}
              </UnstyledButton>
            </div>
          ))}
        </div>
      </ScrollArea.Autosize>
    </>
  );
}
