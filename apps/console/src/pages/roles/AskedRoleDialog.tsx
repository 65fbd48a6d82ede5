import { lazy, Suspense } from 'react';
import type { Forest } from '../../components/role-tree/forest';

const RoleDialogs = lazy(() => import('./RoleDialogs'));

/** What somebody wants to do with a role. */
export type AskedRole =
  | { what: 'add'; parent: string | null }
  | { what: 'rename'; role: string }
  /** `parent` is where it was dropped; without one it is still to be picked. */
  | { what: 'move'; role: string; parent?: string | null }
  | { what: 'delete'; role: string };

export interface AskedRoleProps {
  asked: AskedRole;
  forest: Forest;
  onClose: () => void;
  /** Shows another role, or none. */
  onSelect: (id: string | undefined) => void;
}

/** The dialog for it, loaded when it is needed. */
export function AskedRoleDialog(props: AskedRoleProps) {
  return (
    <Suspense fallback={null}>
      <RoleDialogs {...props} />
    </Suspense>
  );
}
