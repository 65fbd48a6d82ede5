import '@xyflow/react/dist/base.css';

import { ActionIcon, Tooltip } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { IconArrowAutofitContent, IconMinus, IconPlus } from '@tabler/icons-react';
import { Background, Position, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import type { Forest, Shown } from './forest';
import { layout } from './layout';
import { type Lit, type LitWords, litLabel, spoken } from './lit';
import { RoleEdge, type RoleFlowEdge } from './RoleEdge';
import { type RoleFlowNode, RoleNode, type Step } from './RoleNode';
import classes from './RoleTree.module.css';
import { stepFrom } from './steps';
import { CONTROLS, SIZE, useCamera } from './useCamera';
import { TOP, useRoleDrag } from './useRoleDrag';

export interface DrawingProps {
  label: string;
  forest: Forest;
  shown: Shown[];
  lit: ReadonlyMap<string, Lit>;
  words: LitWords | undefined;
  selected: string | undefined;
  /** The role to be brought into sight, anew for each object. */
  look: { id: string } | null;
  /** Goes back to the first sight, for each number anew. */
  overview: number;
  /** Whether the wheel zooms at once, because the page around doesn't scroll. */
  wheel: boolean;
  onSelect: ((id: string) => void) | undefined;
  onMove: ((id: string, parent: string | null) => void) | undefined;
  onToggle: (id: string, open: boolean) => void;
}

const COLUMN = SIZE.width + 56;
const LINE = SIZE.height + 9;
/** From so many roles on, only those in sight are in the page. */
const MANY = 300;
const NODE_TYPES = { role: RoleNode };
const EDGE_TYPES = { role: RoleEdge };
const HANDLES: NonNullable<RoleFlowNode['handles']> = [
  { type: 'target', position: Position.Left, x: 0, y: SIZE.height / 2, width: 1, height: 1 },
  { type: 'source', position: Position.Right, x: SIZE.width, y: SIZE.height / 2, width: 1, height: 1 },
];

/** The forest drawn from left to right, to pan, zoom, walk through with the arrow keys, and drag roles around in. */
export default function RoleDrawing(props: DrawingProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing(props: DrawingProps) {
  const { label, forest, shown, lit, words, selected, look, overview, wheel, onSelect, onMove } = props;
  const flow = useReactFlow<RoleFlowNode, RoleFlowEdge>();
  const duration = useReducedMotion() ? 0 : 250;
  const uid = useId();
  const canvas = useRef<HTMLElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [walked, setWalked] = useState<string | null>(null);

  const { order, places } = useMemo(() => {
    const order = layout(shown);
    const spot = (depth: number, along: number) => ({ x: depth * COLUMN, y: along * LINE });
    return {
      order,
      places: new Map(order.map(({ item, depth, along }) => [item.role.id, spot(depth, along)])),
    };
  }, [shown]);
  const { drag, onNodeDrag, onNodeDragStop } = useRoleDrag(forest, places, SIZE, top, onMove);

  const { show, begin, onToggle } = useCamera({
    canvas,
    order,
    places,
    lit,
    selected,
    look,
    overview,
    toggle: props.onToggle,
  });

  const domId = useCallback((id: string) => `${uid}${id}`, [uid]);
  const step = useCallback(
    (id: string, where: Step) => {
      const next = stepFrom(
        id,
        where,
        order.map(({ item }) => item),
        forest,
        onToggle,
      );
      if (!next) return;
      setWalked(next);
      show(next, false);
      requestAnimationFrame(() => document.getElementById(domId(next))?.focus({ preventScroll: true }));
    },
    [domId, forest, onToggle, order, show],
  );
  const focused = useCallback(
    (id: string, visibly: boolean) => {
      setWalked(id);
      if (visibly) show(id, false);
    },
    [show],
  );

  const many = order.length > MANY;
  const stop = [walked, selected, look?.id].find((id) => id && places.has(id)) ?? order[0]?.item.role.id;
  const nodes = useMemo(
    () =>
      order.map(({ item: { role, open, below } }): RoleFlowNode => {
        const why = lit.get(role.id);
        const word = why && litLabel(why, words);
        return {
          id: role.id,
          type: 'role',
          position: places.get(role.id) ?? { x: 0, y: 0 },
          ...SIZE,
          measured: SIZE,
          handles: HANDLES,
          data: {
            id: role.id,
            domId: domId(role.id),
            name: role.name,
            people: role.user_count,
            open,
            below,
            spoken: spoken(role, forest.byId.get(role.parent_id ?? ''), word),
            lit: why,
            litWord: word,
            faint: lit.size > 0 && !why,
            selected: selected === role.id || (!onSelect && look?.id === role.id),
            tabStop: many || stop === role.id,
            dragged: false,
            target: undefined,
            onSelect,
            onToggle,
            onStep: step,
            onFocus: focused,
          },
        };
      }),
    [domId, focused, forest, lit, look, many, onSelect, onToggle, order, places, selected, step, stop, words],
  );
  const drawn = useMemo(() => {
    if (!drag) return nodes;
    return nodes.map((node): RoleFlowNode => {
      if (drag.branch.has(node.id)) {
        const position = { x: node.position.x + drag.dx, y: node.position.y + drag.dy };
        return { ...node, position, zIndex: 10, data: { ...node.data, dragged: true } };
      }
      if (node.id !== drag.over) return node;
      return { ...node, data: { ...node.data, target: drag.allowed ? 'drop' : 'refused' } };
    });
  }, [drag, nodes]);
  const edges = useMemo(
    () =>
      order.flatMap(({ item: { role } }): RoleFlowEdge[] => {
        if (!role.parent_id || !places.has(role.parent_id)) return [];
        const lights = lit.has(role.parent_id) ? lit.get(role.id) : undefined;
        const data = {
          lit: lights === 'subject' || lights === 'owner' ? lineOf(lit, role.parent_id, lights) : lights,
        };
        return [
          { id: role.id, source: role.parent_id, target: role.id, type: 'role', data, focusable: false },
        ];
      }),
    [lit, order, places],
  );

  const zoom = (by: number) => void flow.zoomTo(flow.getZoom() * by, { duration });
  const showAll = () => {
    const padding = { x: 0.06, top: 0.06, bottom: `${CONTROLS}px` } as const;
    void flow.fitView({ padding, maxZoom: 1, duration });
  };
  const keys = (event: KeyboardEvent) => {
    const pan = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[
      event.key
    ];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pan && (event.shiftKey || event.target === event.currentTarget)) {
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + (pan[0] ?? 0), y: y + (pan[1] ?? 0), zoom });
    } else if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') showAll();
    else return;
    event.preventDefault();
  };

  const dragsRoot = drag && forest.byId.get(drag.id)?.parent_id !== null;
  return (
    <section
      ref={canvas}
      className={classes.canvas}
      aria-label={label}
      aria-describedby={`${uid}keys`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the drawing takes keys, to walk and to zoom.
      tabIndex={0}
      onKeyDown={keys}
    >
      <p id={`${uid}keys`} className="visually-hidden">
        Arrow keys walk through the roles, Enter opens one. Plus and minus zoom, 0 shows all, Shift with arrow
        keys moves the drawing.
      </p>
      <ReactFlow
        nodes={drawn}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        role="presentation"
        minZoom={0.08}
        maxZoom={1.6}
        nodesDraggable={onMove !== undefined}
        nodeDragThreshold={6}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        elevateNodesOnSelect={false}
        zoomOnDoubleClick={false}
        zoomOnScroll={wheel}
        preventScrolling={wheel}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        onlyRenderVisibleElements={many}
        proOptions={{ hideAttribution: true }}
        onInit={begin}
        onNodeDrag={onNodeDrag}
        onNodeDragStop={onNodeDragStop}
      >
        <Background gap={22} size={1.2} color="var(--dots)" />
      </ReactFlow>
      {dragsRoot && (
        <div ref={top} className={classes.top} data-over={drag.over === TOP || undefined}>
          Drop here to put it at the top, below nobody
        </div>
      )}
      <ActionIcon.Group className={classes.controls}>
        <Tooltip label="Zoom in" position="top">
          <ActionIcon variant="default" aria-label="Zoom in" onClick={() => zoom(1.25)}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Zoom out" position="top">
          <ActionIcon variant="default" aria-label="Zoom out" onClick={() => zoom(0.8)}>
            <IconMinus size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Show all" position="top">
          <ActionIcon variant="default" aria-label="Show all" onClick={showAll}>
            <IconArrowAutofitContent size={16} />
          </ActionIcon>
        </Tooltip>
      </ActionIcon.Group>
    </section>
  );
}

/** The line down to a person or an owner continues what comes from above. */
function lineOf(lit: ReadonlyMap<string, Lit>, parent: string, own: Lit): Lit {
  const above = lit.get(parent);
  return above === 'subject' || above === undefined ? own : above;
}
