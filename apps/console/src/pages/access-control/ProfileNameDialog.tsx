import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { applyProblem } from '../../api/problem';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';

interface Props {
  title: string;
  /** The name to begin with. */
  name: string;
  submit: string;
  children?: ReactNode;
  onSubmit: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the name of a profile. */
export function ProfileNameDialog({ title, name, submit, children, onSubmit, onClose }: Props) {
  const form = useForm({ initialValues: { name } });
  const [error, setError] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => onSubmit(form.getValues().name.trim()),
    onSuccess: onClose,
    onError: (problem) => setError(applyProblem(form, problem)),
  });
  return (
    <Dialog opened onClose={onClose} running={save.isPending} title={title}>
      <form
        noValidate
        onSubmit={form.onSubmit(() => {
          setError(null);
          save.mutate();
        })}
      >
        <Stack gap="md">
          {children && (
            <Text component="div" fz="sm" c="dimmed">
              {children}
            </Text>
          )}
          <TextInput
            label="Name"
            required
            maxLength={100}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
            {...form.getInputProps('name')}
          />
          {error && <ErrorAlert>{error}</ErrorAlert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={save.isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
