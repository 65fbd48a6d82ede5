import { NumberInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

/** What can be filled in about a license. */
export interface LicenseValues extends Record<string, unknown> {
  name: string;
  seats: number | '';
}

/** What must be there before it makes sense to ask the server. */
export const VALIDATE = {
  name: (name: string) => (name.trim() ? null : 'Give the license a name.'),
  seats: (seats: number | '') => (seats === '' ? 'Say how many seats it has.' : null),
};

export function LicenseFields({
  form,
  seatsNote,
}: {
  form: UseFormReturnType<LicenseValues>;
  seatsNote: string;
}) {
  return (
    <>
      <TextInput label="Name" required maxLength={100} data-autofocus {...form.getInputProps('name')} />
      <NumberInput
        label="Seats"
        description={seatsNote}
        required
        min={0}
        max={1_000_000}
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator=","
        value={form.values.seats}
        onChange={(seats) => form.setFieldValue('seats', typeof seats === 'number' ? seats : '')}
        error={form.errors.seats}
      />
    </>
  );
}
