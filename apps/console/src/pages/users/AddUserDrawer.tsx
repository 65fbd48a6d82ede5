import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fullName } from '../../api/people';
import { applyProblem } from '../../api/problem';
import { profilesQuery } from '../../api/queries';
import type { User } from '../../api/schema';
import { addUser, useUserCommand } from '../../api/users';
import { FormDrawer } from '../../components/FormDrawer';
import { done } from '../../components/notify';
import { UserFields } from './UserFields';
import { type UserValues, VALIDATE } from './userForm';

interface Props {
  opened: boolean;
  onClose: () => void;
  onAdded: (user: User) => void;
}

const EMPTY: UserValues = {
  first_name: '',
  last_name: '',
  email: '',
  profile_id: null,
  role_id: null,
  license_id: null,
  external_id: null,
};

/** Adds a user; the claim link goes out by mail. What was typed is kept while the drawer is closed. */
export default function AddUserDrawer({ opened, onClose, onAdded }: Props) {
  const form = useForm<UserValues>({ initialValues: EMPTY, validate: VALIDATE });
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { data: profiles = [] } = useQuery(profilesQuery);
  const standard = profiles.find((profile) => profile.built_in === 'default')?.id ?? null;
  const { profile_id } = form.values;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form itself never changes.
  useEffect(() => {
    if (standard && profile_id === null) form.setFieldValue('profile_id', standard);
  }, [standard, profile_id]);
  const add = useUserCommand(addUser);
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setError(null);
    try {
      const user = await add({ ...values, email: values.email.trim() });
      form.reset();
      onClose();
      done(`${fullName(user)} is added. A claim link is on its way to ${user.email}.`);
      onAdded(user);
    } catch (problem) {
      setError(applyProblem(form, problem));
    } finally {
      setRunning(false);
    }
  });
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      title="Add a user"
      submit="Add user"
      running={running}
      error={error}
      onSubmit={submit}
    >
      <UserFields form={form} linkNote="A link to claim the account goes here." />
    </FormDrawer>
  );
}
