import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { asProblem, sentence } from '../api/problem';
import { ConfirmDialog } from './ConfirmDialog';
import { done } from './notify';
import { LicensePicker, ProfilePicker, RolePicker } from './pickers';

/** What a person is given one of. */
export type Place = 'profile' | 'role' | 'license';

/** What it means to have another one. */
export const CONSEQUENCES: Record<Place, string> = {
  profile: 'The profile says what they reach and may do. The change holds for their next click.',
  role: 'The role says whose records they may reach, and who may reach theirs. The change holds at once.',
  license: 'The seat of the former license becomes free, and one of the new license is taken.',
};

interface Props {
  place: Place;
  /** What the person is called. */
  name: string;
  guest?: boolean;
  /** The one they have. */
  before: string | null;
  /** Gives them another one, or none. */
  change: (to: string | null) => Promise<unknown>;
  onClose: () => void;
  onDone?: () => void;
}

/** Gives a person another profile, role or license. */
export function ChangePlaceDialog({ place, name, guest, before, change, onClose, onDone }: Props) {
  const [value, setValue] = useState<string | null>(before);
  const [error, setError] = useState<string | null>(null);
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
    onDone?.();
    return true;
  };
  const field = { value, onChange: setValue, error, 'data-autofocus': true };
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
        {place === 'profile' && <ProfilePicker label="Profile" forGuests={guest} {...field} />}
        {place === 'role' && <RolePicker label="Role" {...field} />}
        {place === 'license' && <LicensePicker label="License" {...field} />}
      </Stack>
    </ConfirmDialog>
  );
}
