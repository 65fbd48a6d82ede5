import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { patchGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { asProblem, sentence } from '../../api/problem';
import type { Guest, GuestPatch } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { LicensePicker, ProfilePicker } from '../../components/pickers';
import type { OneGuest } from './guestActions';

type Place = 'profile' | 'license';

/** Gives a guest another profile or license. */
export function SetPlaceDialog({ place, guest, onClose, onDone }: OneGuest & { place: Place }) {
  const before = heldBy(guest, place);
  const [value, setValue] = useState<string | null>(before);
  const [error, setError] = useState<string | null>(null);
  const name = fullName(guest);
  const run = useGuestCommand((to: string | null) => patchGuest(guest.id, patchOf(place, to)));
  const confirm = async () => {
    setError(null);
    try {
      await run(value);
    } catch (failure) {
      const problem = asProblem(failure);
      if (problem.fields.length === 0 && problem.code !== 'no_seats_left') throw failure;
      setError(sentence(problem));
      return false;
    }
    done(`${name} has another ${place}.`, () => run(before));
    onDone();
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
        {place === 'profile' ? (
          <ProfilePicker label="Profile" forGuests {...field} />
        ) : (
          <LicensePicker label="License" {...field} />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

/** What it means to have another one. */
export const CONSEQUENCES: Record<Place, string> = {
  profile: 'The profile says what they reach. The change holds for their next click.',
  license: 'The seat of the former license becomes free, and one of the new license is taken.',
};

/** The profile or license that a guest has. */
export function heldBy(guest: Guest, place: Place): string | null {
  return place === 'profile' ? guest.profile_id : guest.license_id;
}

function patchOf(place: Place, to: string | null): GuestPatch {
  return place === 'profile' ? { profile_id: to } : { license_id: to };
}
