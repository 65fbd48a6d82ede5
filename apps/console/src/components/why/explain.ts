import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import type { Action, Explanation, Role } from '../../api/schema';
import type { Lit } from '../role-tree/lit';

/** A question about access. */
export interface Question {
  subject: string;
  action: Action;
  object: string;
  /** Needed for every action but `create`, which asks about a record of the person's own. */
  record?: string;
}

/** Why somebody may do something with a record, or why not. */
export function explanationQuery({ subject, action, object, record }: Question) {
  return queryOptions({
    queryKey: ['explanation', subject, action, object, record ?? ''],
    queryFn: () =>
      data(
        api.POST('/api/v1/access/explain', {
          body: {
            subject_id: subject,
            action,
            object,
            ...(action !== 'create' && record && { record_id: record }),
          },
        }),
      ),
    // What decides may change at any moment.
    staleTime: 0,
  });
}

export const ACTIONS: readonly Action[] = ['view', 'edit', 'delete', 'create'];

/** The rules that decide, in a few words; "the person" is whoever the row is about. */
const REASONS: { [rule: string]: string } = {
  subject_ended: 'Has no access at present',
  owned_by_anyone: 'Reaches every record',
  owned_by_subject: 'Owns it',
  owned_by_report: 'A report owns it',
  owned_by_peer: 'A peer owns it',
  level_none: 'The profile allows none',
  view_too_low: 'Has to see it first',
  unowned_needs_anyone: 'Nobody owns it',
  owners_out_of_reach: 'Owners out of reach',
};

/** A rule as a few words. */
export function reasonWords(rule: string): string {
  return REASONS[rule] ?? rule.replaceAll('_', ' ');
}

/** What a path through the role tree lights up. */
export interface LitPath {
  lit: Map<string, Lit>;
  /** The lit roles, all above them, and those below the person. */
  only: Set<string>;
  /** Where the first path turns from up to down. */
  top: Role | undefined;
}

/** The most roles that are drawn below the person; more would hide the path. */
const BELOW = 6;

/** The roles between a person and the owners of a record, lit; `null` where no tree connects them to anybody. */
export function litPath(explanation: Explanation, roles: readonly Role[]): LitPath | null {
  const lit = new Map<string, Lit>();
  for (const owner of explanation.owners) {
    for (const { role_id } of owner.path) if (!lit.has(role_id)) lit.set(role_id, 'path');
  }
  for (const owner of explanation.owners) {
    const last = owner.path.at(-1);
    if (last) lit.set(last.role_id, 'owner');
  }
  const own = explanation.subject.role?.id;
  if (own) lit.set(own, 'subject');
  if (lit.size === 0) return null;
  const byId = new Map(roles.map((role) => [role.id, role]));
  const only = new Set(lit.keys());
  for (const id of lit.keys()) {
    let at = byId.get(id)?.parent_id;
    while (at && !only.has(at)) {
      only.add(at);
      at = byId.get(at)?.parent_id;
    }
  }
  for (const role of roles.filter(({ parent_id }) => parent_id === own).slice(0, BELOW)) only.add(role.id);
  const path = new Set(
    explanation.owners.find(({ path }) => path.length > 0)?.path.map(({ role_id }) => role_id),
  );
  const top = roles.find((role) => path.has(role.id) && !(role.parent_id && path.has(role.parent_id)));
  return { lit, only, top };
}
