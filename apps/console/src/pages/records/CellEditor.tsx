import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Versioned } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import { changeRecord, type NamedRecord } from '../../api/records';
import type { CustomObject, Field } from '../../api/schema';
import { recordTitle } from '../../components/fields/fieldTypes';
import { ValueInput } from '../../components/fields/ValueInput';
import {
  type Draft,
  draftOf,
  draftProblem,
  editorValue,
  sameDraft,
  valueWords,
} from '../../components/fields/values';
import { done } from '../../components/notify';
import { EditConflict } from './EditConflict';
import { useRecordCache } from './recordCache';

interface Props {
  object: CustomObject;
  field: Field;
  record: NamedRecord;
  /** Closes the editor, after saving or without. */
  onClose: () => void;
}

/** Types where picking is all there is to editing. */
const PICKED: readonly Field['type'][] = ['boolean', 'choice', 'user', 'record'];

/** Changes one value of a record, from the version that is stored when the edit starts. */
export function CellEditor({ object, field, record, onClose }: Props) {
  const cache = useRecordCache(object.key);
  const start = draftOf(field, record.fields[field.key]);
  const [draft, setDraft] = useState<Draft>(start);
  const [base, setBase] = useState<Versioned<NamedRecord> | null>(null);
  const [theirs, setTheirs] = useState<Versioned<NamedRecord> | null>(null);
  const [error, setError] = useState<ReactNode>(null);
  const [lost, setLost] = useState(false);
  const [running, setRunning] = useState(false);
  const loading = useRef<Promise<Versioned<NamedRecord>> | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the record is loaded once, when the editor opens.
  useEffect(() => {
    let over = false;
    const loaded = cache.peek(record.id);
    loading.current = loaded;
    loaded.then(
      (fresh) => {
        if (over) return;
        setBase(fresh);
        const stored = draftOf(field, fresh.value.fields[field.key]);
        setDraft((typed) => (sameDraft(typed, start) ? stored : typed));
        if (!fresh.value.can.edit) setError('You may see this record, but not change it any more.');
      },
      (problem) => {
        if (over) return;
        setLost(asProblem(problem).status === 404);
        setError(refusal(problem, field, object));
      },
    );
    return () => {
      over = true;
    };
  }, []);

  const save = async (value: Draft, from?: Versioned<NamedRecord>) => {
    const wrong = draftProblem(field, value);
    if (wrong) {
      setError(wrong);
      return;
    }
    setRunning(true);
    setError(null);
    try {
      const before = from ?? base ?? (await loading.current);
      if (!before) return;
      const stored = draftOf(field, before.value.fields[field.key]);
      if (sameDraft(value, stored)) {
        onClose();
        return;
      }
      const saved = await changeRecord(object.key, record.id, before.etag, {
        fields: { [field.key]: editorValue(field, value) },
      });
      await show(saved.etag, stored);
      onClose();
    } catch (problem) {
      if (asProblem(problem).status === 412) {
        setTheirs(await cache.peek(record.id).catch(() => null));
      } else {
        setLost(asProblem(problem).status === 404);
        setError(refusal(problem, field, object));
      }
    } finally {
      setRunning(false);
    }
  };

  /** Shows what was saved, and offers to take it back. */
  const show = async (etag: string, before: Draft) => {
    const undo = async () => {
      await changeRecord(object.key, record.id, etag, {
        fields: { [field.key]: editorValue(field, before) },
      });
      await cache.refresh(record.id);
      cache.touch(record.id);
    };
    const title = recordTitle(object, record);
    cache.touch(record.id);
    try {
      const { value } = await cache.refresh(record.id);
      const words = valueWords(field, value.fields[field.key], value.names);
      done(`${field.label} of ${recordTitle(object, value)} is now ${words}.`, undo);
    } catch (problem) {
      if (asProblem(problem).status !== 404) throw problem;
      cache.drop(record.id);
      done(`Saved. ${title} has left your reach with this change, so you don’t see it any more.`);
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void save(draft);
  };
  const change = (value: Draft) => {
    setDraft(value);
    setError(null);
    if (PICKED.includes(field.type) && !theirs && !sameDraft(value, draft)) void save(value);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        {!lost && (
          <ValueInput
            field={field}
            aria-label={field.label}
            description={field.help ?? undefined}
            error={typeof error === 'string' ? error : null}
            value={draft}
            onChange={change}
            autoFocus
            inPopover
            multiline
          />
        )}
        {(lost || (error && typeof error !== 'string')) && (
          <Alert color="gray" variant="light" role="alert" py="xs">
            {error}
          </Alert>
        )}
        {theirs && (
          <EditConflict
            field={field}
            base={base}
            theirs={theirs}
            draft={draft}
            running={running}
            onMine={() => {
              setBase(theirs);
              setTheirs(null);
              void save(draft, theirs);
            }}
            onTheirs={async () => {
              await cache.refresh(record.id);
              onClose();
            }}
          />
        )}
        {!theirs && (
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text fz="xs" c="dimmed">
              {lost || PICKED.includes(field.type) ? 'Esc closes' : 'Enter saves, Esc cancels'}
            </Text>
            <Group gap={6} wrap="nowrap">
              <Button size="compact-sm" variant="default" onClick={onClose}>
                {lost ? 'Close' : 'Cancel'}
              </Button>
              {!lost && (
                <Button size="compact-sm" type="submit" loading={running}>
                  Save
                </Button>
              )}
            </Group>
          </Group>
        )}
      </Stack>
    </form>
  );
}

/** Why a change wasn't taken, in a sentence. */
function refusal(problem: unknown, field: Field, object: CustomObject): string {
  const refused = asProblem(problem);
  const record = object.singular.toLowerCase();
  if (refused.status === 404) return `This ${record} is gone, or has moved out of your reach meanwhile.`;
  if (refused.code === 'not_permitted') {
    return field.represents_ownership
      ? `With this owner the ${record} would be out of your reach, so the change can’t be saved.`
      : `You may see this ${record}, but not change it.`;
  }
  return sentence(refused);
}
