import { Text } from '@mantine/core';
import type { GuestBulkAction } from '../../api/schema';
import { CONSEQUENCES } from '../../components/ChangePlaceDialog';
import { PersonPicker } from '../../components/PersonPicker';
import { LicensePicker, ProfilePicker } from '../../components/pickers';
import type { BulkArguments } from './bulkCommand';
import { EndDateField } from './EndDateField';
import { guestsWords } from './guestActions';
import { HandOverField } from './HandOverField';
import { ReasonField, RevokeConsequences } from './RevokeDialog';

interface Props {
  command: GuestBulkAction;
  given: BulkArguments;
  onChange: (patch: Partial<BulkArguments>) => void;
  /** The guests themselves: nobody inherits from themselves. */
  without: string[];
  /** How many guests can't be extended without a new sponsor. */
  needSponsor: number;
}

/** What a command over many guests needs to know, and what it will do. */
export function BulkFields({ command, given, onChange, without, needSponsor }: Props) {
  switch (command) {
    case 'extend':
      return (
        <>
          <EndDateField label="New last day" value={given.day} onChange={(day) => onChange({ day })} />
          {needSponsor > 0 && (
            <PersonPicker
              kind="standard"
              label="New sponsor"
              description={`The sponsor of ${guestsWords(needSponsor)} is gone: without a new one their last day stays as it is. Whoever has a sponsor keeps theirs.`}
              value={given.sponsor}
              onChange={(sponsor) => onChange({ sponsor })}
            />
          )}
        </>
      );
    case 'set_profile':
      return (
        <>
          <Text fz="sm">{CONSEQUENCES.profile}</Text>
          <ProfilePicker
            label="Profile"
            forGuests
            value={given.profile}
            onChange={(profile) => onChange({ profile })}
          />
        </>
      );
    case 'set_license':
      return (
        <>
          <Text fz="sm">{CONSEQUENCES.license}</Text>
          <LicensePicker
            label="License"
            value={given.license}
            onChange={(license) => onChange({ license })}
          />
        </>
      );
    case 'revoke':
      return (
        <>
          <RevokeConsequences />
          <ReasonField value={given.reason} onChange={(reason) => onChange({ reason })} />
        </>
      );
    case 'delete':
      return (
        <>
          <Text fz="sm">
            The accounts, their sessions and invitations are gone for good. What happened stays in the audit
            log. This can’t be undone; to end access only, revoke it.
          </Text>
          <HandOverField value={given.heir} onChange={(heir) => onChange({ heir })} without={without} />
        </>
      );
    default:
      return (
        <Text fz="sm">Each gets a new mail with a link to claim the account. Older links stop working.</Text>
      );
  }
}
