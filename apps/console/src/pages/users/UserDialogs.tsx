import { fullName } from '../../api/people';
import { patchUser, showClaimLink, useUserCommand } from '../../api/users';
import { ChangePlaceDialog, type Place } from '../../components/ChangePlaceDialog';
import { ClaimLinkDialog } from '../../components/ClaimLinkDialog';
import { DeactivateDialog } from './DeactivateDialog';
import { DeleteUserDialog } from './DeleteUserDialog';
import { EditUserDrawer } from './EditUserDrawer';
import type { AskedOfUser, OneUser } from './userActions';

interface Props {
  asked: AskedOfUser;
  onClose: () => void;
  onDeleted?: () => void;
}

/** The dialog for what was asked; all of them arrive together, when the first is needed. */
export default function UserDialogs({ asked: { action, user }, onClose, onDeleted }: Props) {
  const one = { user, onClose };
  switch (action) {
    case 'edit':
      return <EditUserDrawer {...one} />;
    case 'deactivate':
      return <DeactivateDialog {...one} />;
    case 'delete':
      return <DeleteUserDialog {...one} onDeleted={onDeleted} />;
    case 'set-profile':
      return <ChangeUserPlace place="profile" {...one} />;
    case 'set-role':
      return <ChangeUserPlace place="role" {...one} />;
    case 'set-license':
      return <ChangeUserPlace place="license" {...one} />;
    default:
      return <UserClaimLink {...one} />;
  }
}

function ChangeUserPlace({ place, user, onClose }: OneUser & { place: Place }) {
  const field = `${place}_id` as const;
  const change = useUserCommand((to: string | null) => patchUser(user.id, { [field]: to }));
  return (
    <ChangePlaceDialog
      place={place}
      name={fullName(user)}
      before={user[field]}
      change={change}
      onClose={onClose}
    />
  );
}

function UserClaimLink({ user, onClose }: OneUser) {
  const make = useUserCommand(() => showClaimLink(user.id));
  return <ClaimLinkDialog person={user} make={() => make(undefined)} onClose={onClose} />;
}
