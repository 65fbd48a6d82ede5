import type { AccessEnded } from './schema';

/* What navigation hands over beside the address. */
declare module '@tanstack/react-router' {
  interface HistoryState {
    /** How the access of whoever was signed in has ended. */
    accessEnded?: AccessEnded;
    /** The email that was typed on one of the pages before the door, for the next one. */
    email?: string;
  }
}
