import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { mailClaimLink, useGuestCommand } from '../../api/guests';
import type { Guest } from '../../api/schema';
import { done, failed } from '../../components/notify';
import type { Asked, GuestAction, Target } from './guestActions';

const load = () => import('./GuestDialogs');
const GuestDialogs = lazy(load);

/** Everything one can do with guests, wherever they are shown. */
export interface GuestActions {
  ask: (action: GuestAction, target: Target) => void;
  askFor: (action: GuestAction, guest: Guest) => void;
  /** Gets the dialogs ready: something is about to be asked. */
  prepare: () => void;
  /** Where the dialogs are shown. */
  dialogs: ReactNode;
}

interface Options {
  /** The guests are gone. */
  onDeleted?: () => void;
  /** Something was done to them. */
  onDone?: () => void;
}

/** Asks before doing, does, and says what was done. */
export function useGuestActions({ onDeleted, onDone }: Options = {}): GuestActions {
  const [asked, setAsked] = useState<Asked | null>(null);
  const mail = useGuestCommand(mailClaimLink);
  const ask = useCallback(
    (action: GuestAction, target: Target) => {
      // Nothing is lost by it, so one guest gets another mail without further ado.
      if (action === 'resend' && target.kind === 'one') {
        const { id, email } = target.guest;
        mail(id).then(
          () => done(`A new invitation is on its way to ${email}. Older links no longer work.`),
          failed,
        );
        return;
      }
      setAsked({ action, target });
    },
    [mail],
  );
  const askFor = useCallback(
    (action: GuestAction, guest: Guest) => ask(action, { kind: 'one', guest }),
    [ask],
  );
  const prepare = useCallback(() => void load(), []);
  const finished = (action: GuestAction) => {
    onDone?.();
    if (action === 'delete') onDeleted?.();
  };
  const dialogs = asked && (
    <Suspense fallback={null}>
      <GuestDialogs asked={asked} onClose={() => setAsked(null)} onDone={() => finished(asked.action)} />
    </Suspense>
  );
  return { ask, askFor, prepare, dialogs };
}
