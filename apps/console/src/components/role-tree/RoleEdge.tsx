import { type Edge, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { memo } from 'react';
import type { Lit } from './lit';
import classes from './RoleTree.module.css';

export type RoleFlowEdge = Edge<{ lit: Lit | undefined }, 'role'>;

/** The line between a role and one directly below it. */
export const RoleEdge = memo(function RoleEdge(props: EdgeProps<RoleFlowEdge>) {
  const [path] = getSmoothStepPath({ ...props, borderRadius: 10 });
  return <path d={path} className={classes.edge} data-lit={props.data?.lit} />;
});
