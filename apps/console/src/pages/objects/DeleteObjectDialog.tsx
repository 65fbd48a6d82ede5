import { Alert, Code, List, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { asProblem } from '../../api/problem';
import { recordPage } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { useObjectCache } from './objectCache';

interface Props {
  object: CustomObject;
  onClose: () => void;
  /** Leaves the page of what is gone. */
  onDeleted?: () => Promise<void>;
}

/** Asks before an object is deleted; with records in it, by its key. */
export function DeleteObjectDialog({ object, onClose, onDeleted }: Props) {
  const cache = useObjectCache();
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  // Counts what this person sees; the server knows of the rest, and says so below.
  const seen = useQuery({
    queryKey: ['records', object.key, 'count'],
    queryFn: async () => (await recordPage(object.key, { limit: 1, count: true })).total ?? 0,
    retry: false,
    staleTime: 0,
  });
  const [more, setMore] = useState(false);
  const records = seen.data ?? 0;
  const withRecords = records > 0 || more;
  const plural = object.plural.toLowerCase();
  const remove = async (): Promise<unknown> => {
    if (withRecords && typed.trim() !== object.key) {
      setMissing(`Type ${object.key} to go on.`);
      return false;
    }
    try {
      await data(
        api.DELETE('/api/v1/objects/{key}', {
          params: { path: { key: object.key }, query: withRecords ? { delete_records: true } : {} },
        }),
      );
    } catch (problem) {
      if (asProblem(problem).code !== 'object_has_records') throw problem;
      setMore(true);
      return false;
    }
    await onDeleted?.();
    await cache.dropped(object.key);
    done(`${object.plural} are deleted.`);
    return true;
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${object.plural}?`}
      confirm={withRecords ? `Delete ${object.plural} and all records` : `Delete ${object.plural}`}
      danger
      blocked={seen.isPending}
      onConfirm={remove}
    >
      {seen.isPending ? (
        <Skeleton h={60} />
      ) : (
        <Stack gap="sm">
          <List fz="sm" spacing={4}>
            <List.Item>
              Its {object.fields.length === 1 ? 'field is' : `${object.fields.length} fields are`} gone, with
              everything that profiles may do with {plural}.
            </List.Item>
            {withRecords ? (
              <List.Item>
                <b>
                  {records > 0
                    ? `${records.toLocaleString()} ${records === 1 ? 'record is' : 'records are'}`
                    : 'Its records are'}{' '}
                  deleted
                </b>{' '}
                for everybody, for good.
              </List.Item>
            ) : (
              <List.Item>There are no records in it.</List.Item>
            )}
          </List>
          {withRecords && (
            <>
              <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} py="xs">
                This can’t be taken back.
              </Alert>
              <TextInput
                label={
                  <Text span fz="sm">
                    Type <Code>{object.key}</Code> to confirm
                  </Text>
                }
                data-autofocus
                autoComplete="off"
                value={typed}
                error={missing}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  setMissing(null);
                }}
              />
            </>
          )}
        </Stack>
      )}
    </ConfirmDialog>
  );
}
