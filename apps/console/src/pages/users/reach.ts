import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { guestQuery } from '../../api/guests';
import { fullName, personQuery } from '../../api/people';
import type { PersonName } from '../../api/schema';
import { relatedCountQuery, userQuery } from '../../api/users';
import { branchOf, type Forest } from '../../components/role-tree/forest';
import type { Lit, LitWords } from '../../components/role-tree/lit';

/** Where a person stands in the tree of roles: their role and peers, and the roles of their reports. */
export interface PersonReach {
  person: PersonName | null | undefined;
  /** `null` for somebody without a role; `undefined` until it is known. */
  roleId: string | null | undefined;
  reports: number | undefined;
  peers: number | undefined;
  lit: ReadonlyMap<string, Lit> | undefined;
  words: LitWords | undefined;
}

/** Looks up where a person stands. */
export function usePersonReach(personId: string | undefined, forest: Forest): PersonReach {
  const id = personId ?? '';
  const { data: person } = useQuery({ ...personQuery(id), enabled: Boolean(personId) });
  const user = useQuery({ ...userQuery(id), enabled: person?.kind === 'standard' });
  const guest = useQuery({ ...guestQuery(id), enabled: person?.kind === 'guest' });
  const role = (person?.kind === 'guest' ? guest : user).data?.value.role_id;
  const roleId = personId ? role : undefined;
  const { data: reports } = useQuery({ ...relatedCountQuery(id, 'reports'), enabled: Boolean(personId) });
  const { data: peers } = useQuery({ ...relatedCountQuery(id, 'peers'), enabled: Boolean(personId) });
  const lit = useMemo(() => (roleId ? litFor(forest, roleId) : undefined), [forest, roleId]);
  const words = useMemo((): LitWords | undefined => {
    if (!person) return undefined;
    return {
      subject: `${fullName(person)}${peers === undefined ? '' : ` and ${countWords(peers, 'peer')}`}`,
      report: reports === undefined ? 'Reports' : countWords(reports, 'report'),
    };
  }, [person, peers, reports]);
  return { person, roleId, reports, peers, lit, words };
}

/** The person's own role, and every role below it. */
export function litFor(forest: Forest, roleId: string): ReadonlyMap<string, Lit> {
  const lit = new Map<string, Lit>();
  for (const id of branchOf(forest, roleId)) lit.set(id, id === roleId ? 'subject' : 'report');
  return lit;
}

/** `1 peer`, `12 peers`. */
export function countWords(count: number, noun: 'peer' | 'report'): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}
