import type { AccessEnded } from '../../api/schema';

const KEY = 'vestibule.access-ended';

/** Keeps how somebody's access ended, for as long as this tab is open. */
export function keepEnd(ended: AccessEnded): void {
  sessionStorage.setItem(KEY, JSON.stringify(ended));
}

/** What was kept. */
export function keptEnd(): AccessEnded | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as AccessEnded | null;
  } catch {
    return null;
  }
}

/** Forgets it: somebody has come in. */
export function forgetEnd(): void {
  sessionStorage.removeItem(KEY);
}
