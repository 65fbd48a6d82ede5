import {
  IconAdjustmentsHorizontal,
  IconCalendarTime,
  IconDoorEnter,
  IconHierarchy3,
  IconHistory,
  IconKey,
  IconLicense,
  IconSchema,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react';
import type { Capability, Session } from '../api/schema';
import { canAny } from '../api/session';

/** An administration page. */
export interface Entry {
  to: string;
  label: string;
  icon: typeof IconUsers;
  /** Any one of them opens it. */
  needs: readonly Capability[];
}

/** Pages that belong together. */
export interface Part {
  label: string;
  entries: Entry[];
}

const READERS = ['manage_users', 'manage_guests', 'manage_access'] as const;

/** Administration, in the words and the order that its users know. */
const ADMINISTRATION: Part[] = [
  {
    label: 'User management',
    entries: [
      { to: '/users', label: 'Users', icon: IconUsers, needs: READERS },
      { to: '/guests', label: 'Guests', icon: IconDoorEnter, needs: ['manage_guests'] },
      { to: '/access-calendar', label: 'Access calendar', icon: IconCalendarTime, needs: ['manage_guests'] },
      { to: '/licenses', label: 'Licenses', icon: IconLicense, needs: [...READERS, 'manage_org'] },
    ],
  },
  {
    label: 'Groups',
    entries: [{ to: '/roles', label: 'User roles', icon: IconHierarchy3, needs: READERS }],
  },
  {
    label: 'Access',
    entries: [
      { to: '/access-control', label: 'Access control', icon: IconShieldLock, needs: READERS },
      { to: '/objects', label: 'Objects', icon: IconSchema, needs: ['manage_objects', 'manage_access'] },
    ],
  },
  {
    label: 'Organization',
    entries: [
      { to: '/audit-log', label: 'Audit log', icon: IconHistory, needs: ['view_audit'] },
      { to: '/settings', label: 'Settings', icon: IconAdjustmentsHorizontal, needs: ['manage_org'] },
      {
        to: '/api-tokens',
        label: 'API tokens',
        icon: IconKey,
        needs: ['manage_org', 'manage_access', 'manage_users'],
      },
    ],
  },
];

/** What of it this person may open. */
export function administrationOf(session: Session): Part[] {
  return ADMINISTRATION.map((part) => ({
    ...part,
    entries: part.entries.filter((entry) => canAny(session, entry.needs)),
  })).filter((part) => part.entries.length > 0);
}
