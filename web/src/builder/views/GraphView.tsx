// The graph beside the list: the same steps, laid out by model/graph.ts and drawn by xyflow. It is
// for looking and choosing; steps are changed in the list and the form. Loaded when first shown.

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
import { memo, useEffect, useMemo, type ReactNode } from "react";
import { actionId, useBuilder } from "../context";
import { pathOf } from "../document/path";
import { boxHolding, graphOf, type Box } from "../model/graph";
import { triggerWords } from "../model/outline";
import { problemsAt } from "../useProblems";
import { Icon, kindLabels } from "./Icon";
import classes from "./GraphView.module.css";

type Data = { box: Box; title: string; fault: boolean; selected: boolean };
type GraphNode = Node<Data>;

const nodeTypes = { step: memo(StepNode), terminal: memo(TerminalNode), label: memo(LabelNode) };

export default function GraphView(): ReactNode {
  const { document, actions, problems } = useBuilder();
  const { steps, source, selected, select } = document;
  const graph = useMemo(() => graphOf(steps, triggerWords(source.data)), [steps, source.data]);
  const titles = useMemo(
    () => new Map(actions.map((action) => [action.id, action.title])),
    [actions],
  );
  const drawn = useMemo(
    () =>
      graph.boxes.map((box): GraphNode => {
        const { step } = box;
        const title = step ? (titles.get(actionId(step.call)) ?? kindLabels[step.kind]) : box.label;
        const isLabel = box.id.endsWith("#label");
        return {
          id: box.id,
          type: step ? "step" : isLabel ? "label" : "terminal",
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          data: {
            box,
            title,
            selected: false,
            fault: step !== null && !box.holds && problemsAt(problems, box.id).length > 0,
          },
          draggable: false,
          connectable: false,
          selectable: false,
          focusable: false,
          zIndex: box.holds ? 0 : 1,
        };
      }),
    [graph, titles, problems],
  );
  // Choosing a step draws two boxes anew, not all.
  const chosen = selected === "" ? "start" : selected;
  const nodes = useMemo(
    () =>
      drawn.map((node) =>
        node.id === chosen ? { ...node, data: { ...node.data, selected: true } } : node,
      ),
    [drawn, chosen],
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
        if (node.data.box.step) select(node.id);
        else if (node.id === "start") select("");
      }}
      aria-label="Graph of the workflow. The list of steps says the same."
      role="img"
    >
      <Background gap={20} />
      <Controls showInteractive={false} />
      <Follow selected={selected} graph={graph} />
    </ReactFlow>
  );
}

/** Brings the selected step into view when it was chosen in the list. */
function Follow({
  selected,
  graph,
}: {
  selected: string;
  graph: ReturnType<typeof graphOf>;
}): null {
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
  const { box, title, fault, selected } = data;
  if (!box.step) return null;
  return (
    <div
      className={classes["step"]}
      data-holds={box.holds}
      data-selected={selected}
      data-fault={fault}
      style={{ width: box.width, height: box.height }}
    >
      <div className={classes["head"]}>
        <Icon name={box.step.kind} />
        <span className={classes["words"]}>
          <span className={classes["title"]}>{title}</span>
          {box.holds ? null : <span className={classes["name"]}>{box.step.name}</span>}
        </span>
        {box.holds ? <span className={classes["name"]}>{box.step.name}</span> : null}
      </div>
      <Handles />
    </div>
  );
}

function TerminalNode({ data }: NodeProps<GraphNode>): ReactNode {
  return (
    <div
      className={classes["terminal"]}
      data-selected={data.selected}
      style={{ width: data.box.width, height: data.box.height }}
      title={data.title}
    >
      <Icon name={data.box.id === "start" ? "start" : "end"} size={12} />
      <span>{data.title}</span>
      <Handles />
    </div>
  );
}

function LabelNode({ data }: NodeProps<GraphNode>): ReactNode {
  return <div className={classes["label"]}>{data.title}</div>;
}
