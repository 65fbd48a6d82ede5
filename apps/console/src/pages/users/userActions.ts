import type { Profile, Session, User } from '../../api/schema';

/** What can be done with a user. */
export type UserAction =
  | 'resend'
  | 'copy-link'
  | 'edit'
  | 'set-profile'
  | 'set-role'
  | 'set-license'
  | 'unlock'
  | 'activate'
  | 'deactivate'
  | 'delete';

/** What has been asked for and waits to be confirmed. */
export interface AskedOfUser {
  action: UserAction;
  user: User;
}

/** What makes sense for a user as things are. */
export function actionsFor(user: User): UserAction[] {
  const setting: UserAction[] = ['set-profile', 'set-role', 'set-license'];
  switch (user.status) {
    case 'invited':
      return ['resend', 'copy-link', ...setting, 'deactivate', 'delete'];
    case 'deactivated':
      return ['activate', ...setting, 'delete'];
    default:
      return [...(user.locked_until ? (['unlock'] as const) : []), ...setting, 'deactivate', 'delete'];
  }
}

/**
 * Whether this person may administer that one. Nobody administers a person who holds more than they do; the server
 * decides again.
 */
export function mayAdminister(session: Session, profiles: readonly Profile[], user: User): boolean {
  if (!session.capabilities.includes('manage_users')) return false;
  const theirs = profiles.find((profile) => profile.id === user.profile_id);
  if (!theirs) return true;
  if (theirs.built_in === 'admin' && session.profile.built_in !== 'admin') return false;
  return theirs.capabilities.every((capability) => session.capabilities.includes(capability));
}

/** What the dialogs about a user are given. */
export interface OneUser {
  user: User;
  onClose: () => void;
}
