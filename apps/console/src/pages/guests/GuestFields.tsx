import { SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { PersonPicker } from '../../components/PersonPicker';
import { LicensePicker, ProfilePicker, RolePicker } from '../../components/pickers';

/** Who a guest is and where they stand, as the forms hold it. */
export interface GuestValues {
  first_name: string;
  last_name: string;
  email: string;
  profile_id: string | null;
  role_id: string | null;
  license_id: string | null;
  sponsor_id: string | null;
  reason: string;
}

const needed = (words: string) => (value: string | null) => (value?.trim() ? null : words);

/** What can be said about the values before asking the server. */
export const GUEST_RULES = {
  first_name: needed('A first name is needed.'),
  last_name: needed('A last name is needed.'),
  email: needed('An email is needed: the invitation goes there.'),
  profile_id: needed('Pick a profile: it says what the guest reaches.'),
};

/** A form that holds at least these values. */
export type GuestForm = Pick<UseFormReturnType<GuestValues>, 'getInputProps' | 'key'>;

/** The person. */
export function PersonFields({ form }: { form: GuestForm }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="First name"
          withAsterisk
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('first_name')}
        />
        <TextInput label="Last name" withAsterisk autoComplete="off" {...form.getInputProps('last_name')} />
      </SimpleGrid>
      <TextInput
        label="Email"
        description="The invitation goes there."
        type="email"
        withAsterisk
        autoComplete="off"
        {...form.getInputProps('email')}
      />
    </>
  );
}

/** Boxes side by side stay on one line however long what explains them is. */
const EXPLAINED_BELOW: ('label' | 'input' | 'error' | 'description')[] = [
  'label',
  'input',
  'error',
  'description',
];

/** What the person gets to see and do. */
export function PlaceFields({ form }: { form: GuestForm }) {
  return (
    <>
      <ProfilePicker
        label="Profile"
        description="Which records they reach, and what they may do with them."
        withAsterisk
        forGuests
        {...picker(form, 'profile_id')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <RolePicker
          label="Role"
          description="Whose records they may reach."
          inputWrapperOrder={EXPLAINED_BELOW}
          {...picker(form, 'role_id')}
        />
        <LicensePicker
          label="License"
          description="Takes a seat while they have access. Without one they reach the same."
          inputWrapperOrder={EXPLAINED_BELOW}
          {...picker(form, 'license_id')}
        />
      </SimpleGrid>
    </>
  );
}

/** Who answers for the person, and why they are here. */
export function StayFields({ form }: { form: GuestForm }) {
  return (
    <>
      <PersonPicker
        kind="standard"
        label="Sponsor"
        description="Answers for the guest, and is told before access ends."
        withAsterisk
        clearable={false}
        {...picker(form, 'sponsor_id')}
      />
      <Textarea
        label="Reason"
        description="Why they need access."
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps('reason')}
      />
    </>
  );
}

function picker(form: GuestForm, name: 'profile_id' | 'role_id' | 'license_id' | 'sponsor_id') {
  const { value, onChange, error } = form.getInputProps(name);
  return { value: value as string | null, onChange: onChange as (id: string | null) => void, error };
}
