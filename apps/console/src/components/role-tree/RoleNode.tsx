import { UnstyledButton } from '@mantine/core';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { type KeyboardEvent, memo } from 'react';
import { LIT, type Lit, peopleWords } from './lit';
import classes from './RoleTree.module.css';

/** Where keys lead from a role. */
export type Step = 'up' | 'down' | 'out' | 'in' | 'first' | 'last';

/** What a drawn role knows. */
export interface RoleNodeData extends Record<string, unknown> {
  id: string;
  domId: string;
  name: string;
  people: number;
  open: boolean | null;
  below: number;
  spoken: string;
  lit: Lit | undefined;
  litWord: string | undefined;
  /** Other roles are lit and this one isn't. */
  faint: boolean;
  selected: boolean;
  tabStop: boolean;
  dragged: boolean;
  target: 'drop' | 'refused' | undefined;
  onSelect: ((id: string) => void) | undefined;
  onToggle: (id: string, open: boolean) => void;
  onStep: (id: string, step: Step) => void;
  onFocus: (id: string, visibly: boolean) => void;
}

export type RoleFlowNode = Node<RoleNodeData, 'role'>;

const STEPS: Record<string, Step> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'out',
  ArrowRight: 'in',
  Home: 'first',
  End: 'last',
};

/** A role in the drawing: its name, how many people it has, why it is lit, and the button that folds its branch. */
export const RoleNode = memo(function RoleNode({ data }: NodeProps<RoleFlowNode>) {
  const { id, name, open, lit } = data;
  const Icon = lit && LIT[lit].icon;
  const step = (event: KeyboardEvent) => {
    const where = event.shiftKey || event.altKey || event.ctrlKey ? undefined : STEPS[event.key];
    if (!where) return;
    event.preventDefault();
    event.stopPropagation();
    data.onStep(id, where);
  };
  return (
    <div
      className={classes.node}
      data-lit={lit}
      data-faint={data.faint || undefined}
      data-selected={data.selected || undefined}
      data-dragged={data.dragged || undefined}
      data-target={data.target === 'drop' || undefined}
      data-refused={data.target === 'refused' || undefined}
    >
      <Handle type="target" position={Position.Left} className={classes.end} isConnectable={false} />
      <Handle type="source" position={Position.Right} className={classes.end} isConnectable={false} />
      <UnstyledButton
        id={data.domId}
        className={classes.box}
        tabIndex={data.tabStop ? 0 : -1}
        aria-label={data.spoken}
        aria-current={data.selected || undefined}
        title={name}
        onClick={() => data.onSelect?.(id)}
        onFocus={(event) => data.onFocus(id, event.currentTarget.matches(':focus-visible'))}
        onKeyDown={step}
      >
        <span className={classes.name}>{name}</span>
        <span className={classes.facts}>
          {peopleWords(data.people)}
          {lit && Icon && (
            <span className={classes.why}>
              <Icon size={11} stroke={2.4} />
              {data.litWord}
            </span>
          )}
        </span>
      </UnstyledButton>
      {open !== null && (
        <UnstyledButton
          className={`${classes.fold} nodrag nopan`}
          tabIndex={data.tabStop ? 0 : -1}
          aria-expanded={open}
          aria-label={`${open ? 'Fold' : 'Unfold'} the roles below ${name}`}
          title={open ? 'Fold' : `${data.below} ${data.below === 1 ? 'role' : 'roles'} below`}
          onClick={() => data.onToggle(id, !open)}
        >
          {open ? '−' : `+${data.below}`}
        </UnstyledButton>
      )}
    </div>
  );
});
