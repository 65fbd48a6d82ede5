import { Checkbox, Input, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { applyProblem } from '../../api/problem';
import type { Capability } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { FormDrawer } from '../../components/FormDrawer';
import { done } from '../../components/notify';
import { CAPABILITIES } from './capabilities';

/** Makes a profile. Its levels are set on its own page, to which this leads. */
export function AddProfileDrawer({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', capabilities: [] as Capability[] } });
  const add = useMutation({
    mutationFn: () => {
      const { name, capabilities } = form.getValues();
      return data(api.POST('/api/v1/profiles', { body: { name: name.trim(), capabilities } }));
    },
    onSuccess: async (profile) => {
      await client.invalidateQueries({ queryKey: ['profiles'] });
      done(`Added ${profile.name}. It reaches no records until you set its levels.`);
      await navigate({ to: '/access-control/$profileId', params: { profileId: profile.id } });
    },
    onError: (problem) => setError(applyProblem(form, problem)),
  });
  // Nobody gives away what they don't hold.
  const offered = CAPABILITIES.filter(({ key }) => can(session, key));
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title="Add a profile"
      submit="Add the profile"
      running={add.isPending}
      error={error}
      onSubmit={form.onSubmit(() => {
        setError(null);
        add.mutate();
      })}
    >
      <TextInput
        label="Name"
        description="What people with this profile do: Auditor, Support, Partner"
        required
        maxLength={100}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Checkbox.Group
        label="What its people may administer"
        description="Nothing, for most profiles. It can be changed later."
        {...form.getInputProps('capabilities')}
      >
        <Stack gap="sm" mt="sm">
          {offered.map(({ key, title, explanation, forGuests }) => (
            <Checkbox
              key={key}
              value={key}
              label={title}
              description={forGuests ? explanation : `${explanation} Not for guests.`}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Input.Description>
        <Text span inherit>
          A new profile reaches no records. You set its levels on the next page. To begin with those of
          another profile, copy that one instead.
        </Text>
      </Input.Description>
    </FormDrawer>
  );
}
