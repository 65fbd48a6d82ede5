import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { fullName } from '../../api/people';
import { asProblem, sentence } from '../../api/problem';
import type { UserPatch } from '../../api/schema';
import { patchUser, useUserCommand } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { LicensePicker, ProfilePicker, RolePicker } from '../../components/pickers';
import type { OneUser } from './userActions';

type Place = 'profile' | 'role' | 'license';

/** What it means to have another one. */
const CONSEQUENCES: Record<Place, string> = {
  profile: 'The profile says what they reach and may administer. The change holds for their next click.',
  role: 'The role says whose records they may reach, and who may reach theirs. The change holds at once.',
  license: 'The seat of the former license becomes free, and one of the new license is taken.',
};

const FIELDS = { profile: 'profile_id', role: 'role_id', license: 'license_id' } as const;

/** Gives a user another profile, role or license. */
export function SetPlaceDialog({ place, user, onClose }: OneUser & { place: Place }) {
  const field = FIELDS[place];
  const before = user[field];
  const [value, setValue] = useState<string | null>(before);
  const [error, setError] = useState<string | null>(null);
  const name = fullName(user);
  const change = useUserCommand((to: string | null) => patchUser(user.id, { [field]: to } as UserPatch));
  const confirm = async () => {
    setError(null);
    try {
      await change(value);
    } catch (failure) {
      const problem = asProblem(failure);
      if (problem.fields.length === 0 && problem.code !== 'no_seats_left') throw failure;
      setError(sentence(problem));
      return false;
    }
    done(value === null ? `${name} has no ${place} now.` : `${name} has another ${place}.`, () =>
      change(before),
    );
    return true;
  };
  const props = { value, onChange: setValue, error, 'data-autofocus': true };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Change ${place}: ${name}`}
      confirm={`Change ${place}`}
      blocked={value === before}
      onConfirm={confirm}
    >
      <Stack gap="md">
        <Text fz="sm">{CONSEQUENCES[place]}</Text>
        {place === 'profile' && <ProfilePicker label="Profile" {...props} />}
        {place === 'role' && <RolePicker label="Role" {...props} />}
        {place === 'license' && <LicensePicker label="License" {...props} />}
      </Stack>
    </ConfirmDialog>
  );
}
