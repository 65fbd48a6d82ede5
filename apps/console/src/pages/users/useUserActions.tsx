import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { fullName } from '../../api/people';
import type { User } from '../../api/schema';
import { activateUser, deactivateUser, mailClaimLink, unlockUser, useUserCommand } from '../../api/users';
import { done, failed } from '../../components/notify';
import type { AskedOfUser, UserAction } from './userActions';

const load = () => import('./UserDialogs');
const UserDialogs = lazy(load);

/** Everything one can do with users, wherever they are shown. */
export interface UserActions {
  ask: (action: UserAction, user: User) => void;
  /** Gets the dialogs ready: something is about to be asked. */
  prepare: () => void;
  /** Where the dialogs are shown. */
  dialogs: ReactNode;
}

/** Asks before doing, does, and says what was done. */
export function useUserActions(onDeleted?: () => void): UserActions {
  const [asked, setAsked] = useState<AskedOfUser | null>(null);
  const mail = useUserCommand(mailClaimLink);
  const activate = useUserCommand(activateUser);
  const deactivate = useUserCommand(deactivateUser);
  const unlock = useUserCommand(unlockUser);
  const ask = useCallback(
    (action: UserAction, user: User) => {
      // Nothing is lost by these, so they are done without further ado.
      const name = fullName(user);
      if (action === 'resend') {
        mail(user.id).then(
          () => done(`A new claim link is on its way to ${user.email}. Older links no longer work.`),
          failed,
        );
      } else if (action === 'unlock') {
        unlock(user.id).then(() => done(`${name} can sign in again.`), failed);
      } else if (action === 'activate') {
        activate(user.id).then(() => done(`${name} can sign in again.`, () => deactivate(user.id)), failed);
      } else setAsked({ action, user });
    },
    [activate, deactivate, mail, unlock],
  );
  const prepare = useCallback(() => void load(), []);
  const dialogs = asked && (
    <Suspense fallback={null}>
      <UserDialogs asked={asked} onClose={() => setAsked(null)} onDeleted={onDeleted} />
    </Suspense>
  );
  return { ask, prepare, dialogs };
}
