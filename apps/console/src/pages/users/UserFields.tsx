import { SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { LicensePicker, ProfilePicker, RolePicker } from '../../components/pickers';
import type { UserValues } from './userForm';

/** The fields of a user: the person, and their place. */
export function UserFields({ form, linkNote }: { form: UseFormReturnType<UserValues>; linkNote?: string }) {
  const picked = (field: 'profile_id' | 'role_id' | 'license_id') => ({
    value: form.values[field],
    onChange: (id: string | null) => form.setFieldValue(field, id),
    error: form.errors[field],
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="First name"
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps('first_name')}
        />
        <TextInput label="Last name" required maxLength={100} {...form.getInputProps('last_name')} />
      </SimpleGrid>
      <TextInput
        label="Email"
        type="email"
        required
        description={linkNote}
        {...form.getInputProps('email')}
      />
      <ProfilePicker
        label="Profile"
        description="What they reach, and what they may administer."
        {...picked('profile_id')}
      />
      <RolePicker
        label="Role"
        description="Whose records they may reach, and who may reach theirs."
        {...picked('role_id')}
      />
      <LicensePicker label="License" description="Takes a seat." {...picked('license_id')} />
    </>
  );
}
