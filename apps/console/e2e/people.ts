// Who is who in the sample organization. All of them have claimed their accounts and share a password.

export interface Person {
  email: string;
  name: string;
}

export const ORG = 'acme';
export const ORG_NAME = 'Acme Corporation';
export const PASSWORD = 'correct horse battery staple';

/** May do everything. */
export const ADMIN: Person = { email: 'ada.admin@acme.example', name: 'Ada Admin' };

/** A standard user who looks after guests and reads the audit log. */
export const GUEST_DESK: Person = { email: 'amara.adeyemi0@acme.example', name: 'Amara Adeyemi' };

/** A standard user in sales, without capabilities. */
export const SALES: Person = { email: 'valentina.weber21@acme.example', name: 'Valentina Weber' };

/** An active guest with some weeks to go, without capabilities. */
export const GUEST: Person = { email: 'noah.zhang@rollout-partners.example', name: 'Noah Zhang' };
