import { showClaimLink, useUserCommand } from '../../api/users';
import { ClaimLinkDialog } from '../../components/ClaimLinkDialog';
import { DeactivateDialog } from './DeactivateDialog';
import { DeleteUserDialog } from './DeleteUserDialog';
import { EditUserDrawer } from './EditUserDrawer';
import { SetPlaceDialog } from './SetPlaceDialog';
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
      return <SetPlaceDialog place="profile" {...one} />;
    case 'set-role':
      return <SetPlaceDialog place="role" {...one} />;
    case 'set-license':
      return <SetPlaceDialog place="license" {...one} />;
    default:
      return <UserClaimLink {...one} />;
  }
}

function UserClaimLink({ user, onClose }: OneUser) {
  const make = useUserCommand(() => showClaimLink(user.id));
  return <ClaimLinkDialog person={user} make={() => make(undefined)} onClose={onClose} />;
}
