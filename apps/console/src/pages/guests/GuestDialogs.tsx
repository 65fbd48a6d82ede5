import { patchGuest, showClaimLink, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { ChangePlaceDialog } from '../../components/ChangePlaceDialog';
import { ClaimLinkDialog } from '../../components/ClaimLinkDialog';
import { BulkDialog } from './BulkDialog';
import { ChangeEndDialog } from './ChangeEndDialog';
import { DeleteGuestDialog } from './DeleteGuestDialog';
import type { Asked, OneGuest } from './guestActions';
import { RevokeDialog } from './RevokeDialog';

interface Props {
  asked: Asked;
  onClose: () => void;
  onDone: () => void;
}

/** The dialog for what was asked; all of them arrive together, when the first is needed. */
export default function GuestDialogs({ asked, onClose, onDone }: Props) {
  const { action, target } = asked;
  if (target.kind !== 'one')
    return <BulkDialog action={action} target={target} onClose={onClose} onDone={onDone} />;
  const one = { guest: target.guest, onClose, onDone };
  switch (action) {
    case 'extend':
    case 'shorten':
    case 'reinstate':
      return <ChangeEndDialog change={action} {...one} />;
    case 'revoke':
      return <RevokeDialog {...one} />;
    case 'delete':
      return <DeleteGuestDialog {...one} />;
    case 'set-profile':
      return <ChangeGuestPlace place="profile" {...one} />;
    case 'set-license':
      return <ChangeGuestPlace place="license" {...one} />;
    default:
      return <GuestClaimLink {...one} />;
  }
}

function ChangeGuestPlace({ place, guest, ...rest }: OneGuest & { place: 'profile' | 'license' }) {
  const field = `${place}_id` as const;
  const change = useGuestCommand((to: string | null) => patchGuest(guest.id, { [field]: to }));
  return (
    <ChangePlaceDialog
      place={place}
      name={fullName(guest)}
      guest
      before={guest[field]}
      change={change}
      {...rest}
    />
  );
}

function GuestClaimLink({ guest, onClose }: OneGuest) {
  const make = useGuestCommand(() => showClaimLink(guest.id));
  return <ClaimLinkDialog person={guest} make={() => make(undefined)} onClose={onClose} />;
}
