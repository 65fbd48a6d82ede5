import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Versioned } from '../../api/client';
import { guestQuery, patchGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import type { Guest, GuestPatch } from '../../api/schema';
import { FormDrawer } from '../../components/FormDrawer';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import {
  GUEST_RULES,
  type GuestForm,
  type GuestValues,
  PersonFields,
  PlaceFields,
  StayFields,
} from './GuestFields';

interface Props {
  /** As it was when editing began. */
  read: Versioned<Guest>;
  onClose: () => void;
}

interface EditedValues extends GuestValues {
  external_id: string;
  [key: string]: unknown;
}

/** Changes who a guest is and where they stand; the last day has dialogs of its own. */
export default function EditGuestDrawer({ read, onClose }: Props) {
  const queryClient = useQueryClient();
  const { id } = read.value;
  const send = useGuestCommand(({ body, etag }: { body: GuestPatch; etag?: string }) =>
    patchGuest(id, body, etag),
  );
  const edit = useVersionedForm<Guest, EditedValues>({
    read,
    valuesOf,
    validate: GUEST_RULES,
    send: (patch, etag) => send({ body: bodyOf(patch), etag }),
    readAgain: () => queryClient.fetchQuery({ ...guestQuery(id), staleTime: 0 }),
    onSaved: ({ value, etag }, former) => {
      // Nobody is given a sponsor back who is gone.
      const undoable = former.sponsor_id !== null;
      done(
        `${fullName(value)} is changed.`,
        undoable ? () => send({ body: bodyOf(former), etag }) : undefined,
      );
      onClose();
    },
  });
  const fields = edit.form as unknown as GuestForm;
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Edit ${fullName(read.value)}`}
      submit="Save changes"
      running={edit.running}
      error={edit.error}
      onSubmit={edit.submit}
    >
      <MergeNotice
        conflict={edit.conflict}
        onReload={() => void edit.reload()}
        label={(path) => LABELS[path] ?? path}
      />
      <PersonFields form={fields} />
      <PlaceFields form={fields} />
      <StayFields form={fields} />
      <TextInput
        label="External ID"
        description="The id that another system knows this guest by."
        {...edit.form.getInputProps('external_id')}
      />
    </FormDrawer>
  );
}

function valuesOf(guest: Guest): EditedValues {
  return {
    first_name: guest.first_name,
    last_name: guest.last_name,
    email: guest.email,
    profile_id: guest.profile_id,
    role_id: guest.role_id,
    license_id: guest.license_id,
    // Somebody who is gone can't be picked again: the box is empty until there is a new sponsor.
    sponsor_id: guest.sponsor_missing ? null : guest.sponsor_id,
    reason: guest.reason ?? '',
    external_id: guest.external_id ?? '',
  };
}

function bodyOf({ reason, external_id, ...rest }: Partial<EditedValues>): GuestPatch {
  return {
    ...rest,
    ...(reason !== undefined && { reason: reason.trim() || null }),
    ...(external_id !== undefined && { external_id: external_id.trim() || null }),
  };
}

const LABELS: Record<string, string> = {
  first_name: 'first name',
  last_name: 'last name',
  email: 'email',
  profile_id: 'profile',
  role_id: 'role',
  license_id: 'license',
  sponsor_id: 'sponsor',
  reason: 'reason',
  external_id: 'external ID',
};
