import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** What a mailed link is for; also its path. */
type Purpose = 'claim' | 'reset';

const key = (purpose: Purpose) => `vestibule.link.${purpose}`;

/**
 * The secret of a mailed link: `undefined` until it was looked for, `null` without one.
 *
 * It comes in the fragment, which no server sees, and leaves the address bar at once, so that it isn't in a picture of
 * the screen or in the history. This tab keeps it for a reload.
 */
export function useLinkToken(purpose: Purpose): string | null | undefined {
  const { hash } = useLocation();
  const [token, setToken] = useState<string | null>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new link in the same tab changes the fragment.
  useEffect(() => {
    const given = new URLSearchParams(window.location.hash.slice(1)).get('token');
    if (given) {
      sessionStorage.setItem(key(purpose), given);
      window.history.replaceState(
        window.history.state,
        '',
        window.location.pathname + window.location.search,
      );
    }
    setToken(sessionStorage.getItem(key(purpose)));
    // A second link may be opened in the same tab: then only the fragment changes.
  }, [hash, purpose]);
  return token;
}

/** Forgets it: it has been used. */
export function forgetLinkToken(purpose: Purpose): void {
  sessionStorage.removeItem(key(purpose));
}
