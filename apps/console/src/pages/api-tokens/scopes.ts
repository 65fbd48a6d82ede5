import type { ApiTokenKind, Session } from '../../api/schema';
import { can, isAdmin } from '../../api/session';

/** What a scope is called and what it opens. */
export interface Scope {
  name: string;
  label: string;
  opens: string;
}

interface Known extends Scope {
  kind: ApiTokenKind;
  /** Who may give it out. */
  allowed: (session: Session) => boolean;
}

const anybody = () => true;

const SCOPES: Known[] = [
  { name: 'read', label: 'Read', opens: 'See whatever you may see', kind: 'user', allowed: anybody },
  { name: 'write', label: 'Change', opens: 'Change whatever you may change', kind: 'user', allowed: anybody },
  {
    name: 'pdp',
    label: 'Ask for decisions',
    opens: 'Ask what anybody may do, for an application that enforces the answer',
    kind: 'service',
    allowed: (session) => can(session, 'manage_access'),
  },
  {
    name: 'policy_export',
    label: 'Export the policy',
    opens: 'Read roles, people and permissions as a whole, to decide elsewhere',
    kind: 'service',
    allowed: (session) => can(session, 'manage_access'),
  },
  {
    name: 'act_as',
    label: 'Act for others',
    opens:
      'Act for the user that each request names, with exactly that user’s rights; the audit log names both',
    kind: 'service',
    allowed: isAdmin,
  },
  {
    name: 'scim',
    label: 'Provisioning (SCIM)',
    opens: 'Opens nothing so far; for a directory that will create and deactivate people',
    kind: 'service',
    allowed: isAdmin,
  },
  {
    name: 'events',
    label: 'Follow events',
    opens: 'Opens nothing so far; for a system that will be told what happens',
    kind: 'service',
    allowed: (session) => can(session, 'view_audit'),
  },
];

/** The scopes that this person may give to a token of this kind. */
export function scopesOf(kind: ApiTokenKind, session: Session): Scope[] {
  return SCOPES.filter((scope) => scope.kind === kind && scope.allowed(session));
}

/** What a scope is called. */
export function scopeLabel(name: string): string {
  return SCOPES.find((scope) => scope.name === name)?.label ?? name;
}
