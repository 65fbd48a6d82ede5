import type { Capability } from '../../api/schema';

/** What each capability lets people do, in plain words, and whether guests get it too. */
export const CAPABILITIES: readonly {
  key: Capability;
  title: string;
  explanation: string;
  forGuests: boolean;
}[] = [
  {
    key: 'manage_users',
    title: 'Manage users',
    explanation: 'Add, change and deactivate users, and give them a role, a profile and a license.',
    forGuests: false,
  },
  {
    key: 'manage_guests',
    title: 'Manage guests',
    explanation: 'Invite guests, extend and shorten their stay, revoke and reinstate their access.',
    forGuests: false,
  },
  {
    key: 'manage_access',
    title: 'Manage access',
    explanation:
      'Change what profiles permit and the tree of user roles, and ask why somebody reaches a record.',
    forGuests: false,
  },
  {
    key: 'manage_objects',
    title: 'Manage objects',
    explanation: 'Add objects and fields and change them. What changes ownership is not for guests.',
    forGuests: true,
  },
  {
    key: 'manage_org',
    title: 'Manage the organization',
    explanation: 'Change the settings of the organization, its licenses and the tokens of other services.',
    forGuests: false,
  },
  {
    key: 'view_audit',
    title: 'View the audit log',
    explanation: 'Read who did what and when. The log can’t be changed by anybody.',
    forGuests: true,
  },
];

/** A capability's name for people. */
export function capabilityTitle(key: Capability): string {
  return CAPABILITIES.find((known) => known.key === key)?.title ?? key;
}
