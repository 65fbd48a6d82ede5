/** What can happen, in words and in groups, as docs/API.md lists it; the order is that of the filter. */
export const ACTION_GROUPS: { group: string; actions: Record<string, string> }[] = [
  {
    group: 'Guests',
    actions: {
      'guest.invited': 'Guest invited',
      'guest.claim_link_sent': 'Invitation sent again',
      'guest.claimed': 'Invitation accepted',
      'guest.updated': 'Guest changed',
      'guest.access_changed': 'Access extended or shortened',
      'guest.revoked': 'Access revoked',
      'guest.reinstated': 'Access given back',
      'guest.expired': 'Access ended',
      'guest.deleted': 'Guest deleted',
    },
  },
  {
    group: 'Users',
    actions: {
      'user.created': 'User added',
      'user.claim_link_sent': 'Invitation sent again to a user',
      'user.claimed': 'Invitation accepted by a user',
      'user.updated': 'User changed',
      'user.deactivated': 'User deactivated',
      'user.activated': 'User activated',
      'user.unlocked': 'User unlocked',
      'user.deleted': 'User deleted',
      'users.imported': 'Users imported',
    },
  },
  {
    group: 'Signing in',
    actions: {
      'session.created': 'Signed in',
      'session.refused': 'Sign-in refused',
      'session.ended': 'Signed out',
      'user.password_changed': 'Password changed',
      'user.password_change_refused': 'Password change refused',
      'user.password_reset_requested': 'Password reset asked for',
      'user.password_reset': 'Password reset',
      'api_token.created': 'API token made',
      'api_token.deleted': 'API token deleted',
    },
  },
  {
    group: 'Organization',
    actions: {
      'org.created': 'Organization created',
      'org.updated': 'Settings changed',
      'license.created': 'License added',
      'license.updated': 'License changed',
      'license.deleted': 'License deleted',
    },
  },
  {
    group: 'Access',
    actions: {
      'permissions.changed': 'Permissions changed',
      'profile.created': 'Profile added',
      'profile.updated': 'Profile changed',
      'profile.deleted': 'Profile deleted',
      'role.created': 'Role added',
      'role.updated': 'Role changed',
      'role.deleted': 'Role deleted',
      'administration.denied': 'Refused for lack of power',
    },
  },
  {
    group: 'Objects',
    actions: {
      'object.created': 'Object added',
      'object.updated': 'Object changed',
      'object.deleted': 'Object deleted',
      'object.ownership_changed': 'Ownership fields changed',
      'field.added': 'Field added',
      'field.updated': 'Field changed',
      'field.removed': 'Field removed',
    },
  },
  {
    group: 'Records',
    actions: {
      'record.created': 'Record created',
      'record.owners_changed': 'Owners of a record changed',
      'record.deleted': 'Record deleted',
      'records.bulk': 'Many records changed',
      'records.handed_over': 'Records handed over',
    },
  },
];

const LABELS: Record<string, string> = Object.assign({}, ...ACTION_GROUPS.map(({ actions }) => actions));

/** What an action is called. */
export function actionLabel(action: string): string {
  return LABELS[action] ?? action;
}
