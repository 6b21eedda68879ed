// A laid out graph (model/graph.ts), drawn by xyflow: the builder shows a workflow with it, the page
// of a run what became of each step. For looking and choosing, by pointer or with the arrow keys; the
// list beside it says the same.

import "@xyflow/react/dist/base.css";
import {
  Background,
  Controls,
  Handle,
  Position,
  ReactFlow,
  useReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from "@xyflow/react";
import { VisuallyHidden } from "@mantine/core";
import { memo, useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { pathOf } from "../document/path";
import { stops, walk } from "../model/walk";
import { boxHolding, type Box, type Graph } from "../model/graph";
import { Icon } from "./Icon";
import classes from "./GraphView.module.css";

/** How a box is shown besides its place. */
export interface Look {
  title: string;
  fault?: "error" | "warning" | "";
  /** What became of the step, for its colour: "done", "failed", "skipped" ... */
  state?: string;
  /** The same for people, with a sign in front: never by colour alone. */
  note?: ReactNode;
}

type Data = { box: Box; look: Look; selected: boolean };
type GraphNode = Node<Data>;

const nodeTypes = { step: memo(StepNode), terminal: memo(TerminalNode), label: memo(LabelNode) };

interface Props {
  graph: Graph;
  /** Keep it the same as long as nothing changes: each change draws all boxes. */
  lookOf: (box: Box) => Look;
  /** A step's pointer; "" is the start. */
  selected: string;
  onSelect: (pointer: string) => void;
  label: string;
}

export function GraphCanvas({ graph, lookOf, selected, onSelect, label }: Props): ReactNode {
  const drawn = useMemo(
    () =>
      graph.boxes.map((box): GraphNode => ({
        id: box.id,
        type: box.step ? "step" : box.id.endsWith("#label") ? "label" : "terminal",
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        data: { box, look: lookOf(box), selected: false },
        draggable: false,
        connectable: false,
        selectable: false,
        focusable: false,
        zIndex: box.holds ? 0 : 1,
      })),
    [graph, lookOf],
  );
  // Choosing a step draws two boxes anew, not all.
  const chosen = selected === "" ? "start" : selected;
  // Where the keys stand; a step of a run that was not reached can be stood on, but not chosen.
  // It holds until another step is chosen elsewhere.
  const [stand, setStand] = useState({ at: "", chosen: "" });
  const ids = useMemo(() => stops(graph), [graph]);
  const isWalked = ids.includes(stand.at) && (chosen === stand.at || chosen === stand.chosen);
  const at = isWalked ? stand.at : chosen;
  const nodes = useMemo(
    () =>
      drawn.map((node) =>
        node.id === at ? { ...node, data: { ...node.data, selected: true } } : node,
      ),
    [drawn, at],
  );
  const edges = useMemo(
    () =>
      graph.lines.map((line): Edge => ({
        id: line.id,
        source: line.from,
        target: line.to,
        label: line.label,
        type: line.jump ? "smoothstep" : "default",
        focusable: false,
        selectable: false,
        ...(line.jump
          ? { sourceHandle: "side", targetHandle: "side", className: classes["jump"] ?? "" }
          : {}),
      })),
    [graph],
  );
  const pressed = (event: KeyboardEvent) => {
    const next = event.target === event.currentTarget ? walk(ids, at, event.key) : undefined;
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next === "start" ? "" : next);
    setStand({ at: next, chosen });
  };
  return (
    <ReactFlow<GraphNode>
      className={classes["graph"] ?? ""}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
      minZoom={0.1}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      onlyRenderVisibleElements
      onNodeClick={(_event, node) => {
        if (node.data.box.step) onSelect(node.id);
        else if (node.id === "start") onSelect("");
      }}
      aria-label={`${label} The arrow keys go from step to step.`}
      tabIndex={0}
      onKeyDown={pressed}
    >
      <Background gap={20} />
      <Controls showInteractive={false} />
      <Follow selected={at === "start" ? "" : at} graph={graph} />
      <VisuallyHidden role="status">
        {!isWalked ? "" : wordsOf(drawn.find((node) => node.id === at)?.data)}
      </VisuallyHidden>
    </ReactFlow>
  );
}

/** What a box says to somebody who does not see it. */
function wordsOf(data: Data | undefined): string {
  if (!data) return "";
  const { box, look } = data;
  return [look.title, box.step?.name, look.state ?? look.fault].filter(Boolean).join(", ");
}

/** Brings the selected step into view when it was chosen in the list. */
function Follow({ selected, graph }: { selected: string; graph: Graph }): null {
  const flow = useReactFlow();
  useEffect(() => {
    const box = selected === "" ? undefined : boxHolding(graph, pathOf(selected));
    if (!box) return;
    const { x, y, zoom } = flow.getViewport();
    const pane = globalThis.document.querySelector(".react-flow")?.getBoundingClientRect();
    if (!pane) return;
    const centre = {
      x: (box.x + box.width / 2) * zoom + x,
      y: (box.y + Math.min(box.height, 80) / 2) * zoom + y,
    };
    const inView =
      centre.x > 40 && centre.x < pane.width - 40 && centre.y > 40 && centre.y < pane.height - 40;
    if (!inView)
      void flow.setCenter(box.x + box.width / 2, box.y + Math.min(box.height, 160) / 2, {
        zoom,
        duration: 150,
      });
  }, [selected, graph, flow]);
  return null;
}

function Handles(): ReactNode {
  return (
    <>
      <Handle type="target" position={Position.Top} />
      <Handle type="source" position={Position.Bottom} />
      <Handle type="target" position={Position.Right} id="side" />
      <Handle type="source" position={Position.Right} id="side" />
    </>
  );
}

function StepNode({ data }: NodeProps<GraphNode>): ReactNode {
  const { box, look, selected } = data;
  if (!box.step) return null;
  return (
    <div
      className={classes["step"]}
      data-holds={box.holds}
      data-selected={selected}
      data-fault={look.fault ?? ""}
      data-state={look.state}
      style={{ width: box.width, height: box.height }}
    >
      <div className={classes["head"]}>
        <Icon name={box.step.kind} />
        <span className={classes["words"]}>
          <span className={classes["title"]}>{look.title}</span>
          {box.holds ? null : <span className={classes["name"]}>{box.step.name}</span>}
        </span>
        {box.holds ? <span className={classes["name"]}>{box.step.name}</span> : null}
        {look.note === undefined ? null : <span className={classes["note"]}>{look.note}</span>}
      </div>
      <Handles />
    </div>
  );
}

function TerminalNode({ data }: NodeProps<GraphNode>): ReactNode {
  const { box, look, selected } = data;
  return (
    <div
      className={classes["terminal"]}
      data-selected={selected}
      style={{ width: box.width, height: box.height }}
      title={look.title}
    >
      <Icon name={box.id === "start" ? "start" : "end"} size={12} />
      <span>{look.title}</span>
      <Handles />
    </div>
  );
}

function LabelNode({ data }: NodeProps<GraphNode>): ReactNode {
  return <div className={classes["label"]}>{data.look.title}</div>;
}
