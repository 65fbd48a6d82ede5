import type { Guest, GuestFilter } from '../../api/schema';

/** What can be done with guests. */
export type GuestAction =
  | 'extend'
  | 'shorten'
  | 'resend'
  | 'copy-link'
  | 'set-profile'
  | 'set-license'
  | 'revoke'
  | 'reinstate'
  | 'delete';

/** Whom it is done to: one guest, some that were picked, or all that match a filter. */
export type Target =
  | { kind: 'one'; guest: Guest }
  | { kind: 'many'; guests: Guest[] }
  /** `known` are those of them that have been loaded. */
  | { kind: 'matching'; filter: GuestFilter; total: number; known: Guest[] };

/** What has been asked for and waits to be confirmed. */
export interface Asked {
  action: GuestAction;
  target: Target;
}

/** What makes sense for a guest as things are. */
export function actionsFor(guest: Guest): GuestAction[] {
  const setting: GuestAction[] = ['set-profile', 'set-license'];
  switch (guest.status) {
    case 'invited':
      return ['resend', 'copy-link', 'extend', 'shorten', ...setting, 'revoke', 'delete'];
    case 'active':
      return ['extend', 'shorten', ...setting, 'revoke', 'delete'];
    case 'expired':
      return ['extend', ...setting, 'revoke', 'delete'];
    default:
      return ['reinstate', 'delete'];
  }
}

/** How many guests are meant. */
export function sizeOf(target: Target): number {
  if (target.kind === 'one') return 1;
  return target.kind === 'many' ? target.guests.length : target.total;
}

/** The guests that are meant, as far as they have been loaded. */
export function guestsOf(target: Target): Guest[] {
  if (target.kind === 'one') return [target.guest];
  return target.kind === 'many' ? target.guests : target.known;
}

/** `1 guest`, `12 guests` */
export function guestsWords(count: number): string {
  return count === 1 ? '1 guest' : `${count.toLocaleString()} guests`;
}

/** What the dialogs about one guest are given. */
export interface OneGuest {
  guest: Guest;
  onClose: () => void;
  onDone: () => void;
}
