import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useRef } from 'react';
import type { Field } from '../../api/schema';
import { ValueInput } from '../../components/fields/ValueInput';
import { type Draft, sameDraft } from '../../components/fields/values';
import { useOnTop } from '../../components/useOnTop';
import { EditConflict } from './EditConflict';
import { useValueEdit, type ValueEdit } from './useValueEdit';

/** Types where picking is all there is to editing. */
const PICKED: readonly Field['type'][] = ['boolean', 'choice', 'user', 'record'];

/** The editor of one value of a record. */
export function CellEditor(props: ValueEdit) {
  const { field, onClose } = props;
  const edit = useValueEdit(props);
  const { draft, stored, theirs, error, lost, running } = edit;
  const picked = PICKED.includes(field.type);
  /** Whether there are words in the field that nothing was picked by. */
  const searching = useRef(false);
  /** Whether anything was done in here. */
  const touched = useRef(false);
  // What is being saved can't be cancelled any more, and how that ends is said here.
  useOnTop(true, running ? undefined : onClose);

  const askToChoose = () =>
    edit.setError(field.type === 'user' ? 'Choose somebody from the list.' : 'Choose from the list.');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (searching.current) {
      askToChoose();
      return;
    }
    // Nobody sees spaces and empty lines at the ends of what they type.
    const typed = typeof draft === 'string' && !sameDraft(draft, stored);
    void edit.save(typed ? draft.trim() : draft);
  };
  const change = (value: Draft) => {
    searching.current = false;
    edit.setDraft(value);
    edit.setError(null);
    if (picked && !theirs && !sameDraft(value, draft)) void edit.save(value);
  };
  const type = ({ target }: FormEvent) => {
    touched.current = true;
    if (!(target instanceof HTMLInputElement) || target.getAttribute('role') !== 'combobox') return;
    // The words in the field of one choice are what is chosen; beside several choices, they are a search.
    searching.current = field.type !== 'multi_choice' || target.value.trim() !== '';
  };
  const keys = (event: KeyboardEvent<HTMLFormElement>) => {
    const { target, currentTarget: form } = event;
    if (event.key === 'Escape') {
      // Options and a calendar that came with the editor go with it. Later, they are closed first.
      if (!touched.current && !running && !event.defaultPrevented) onClose();
      return;
    }
    touched.current = true;
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    if (event.defaultPrevented && !isTime(target)) {
      // It picked an option. One that was chosen before isn't what was typed.
      if (searching.current) askToChoose();
      return;
    }
    const changed = !sameDraft(draft, stored);
    if (target instanceof HTMLTextAreaElement || (changed && isMoment(target))) {
      event.preventDefault();
      form.requestSubmit();
    } else if (isTime(target)) {
      // It closes the calendar, too, and only then is the moment complete.
      setTimeout(() => form.requestSubmit());
    }
  };
  return (
    <form
      onSubmit={submit}
      onInput={type}
      onKeyDown={keys}
      onPointerDown={() => {
        touched.current = true;
      }}
      noValidate
    >
      <Stack gap="xs">
        {lost ? (
          <Alert color="gray" variant="light" role="alert" py="xs">
            {error}
          </Alert>
        ) : (
          <ValueInput
            field={field}
            aria-label={field.label}
            description={field.help ?? undefined}
            error={error}
            value={draft}
            onChange={change}
            autoFocus
            inPopover
            multiline
          />
        )}
        {theirs ? (
          <EditConflict
            field={field}
            base={edit.base}
            theirs={theirs}
            draft={draft}
            running={running}
            onMine={edit.keepMine}
            onTheirs={edit.keepTheirs}
          />
        ) : (
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text fz="xs" c="dimmed">
              {hint(field, lost)}
            </Text>
            <Group gap={6} wrap="nowrap">
              <Button size="compact-sm" variant="default" disabled={running} onClick={onClose}>
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

/** The button that shows a day with its time, and opens their calendar. */
function isMoment(target: EventTarget): boolean {
  return target instanceof HTMLButtonElement && target.matches('[data-dates-input]');
}

/** A part of the time below a calendar. */
function isTime(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && target.closest('[data-dates-dropdown]') !== null;
}

function hint({ type }: Field, lost: boolean): string {
  if (lost || PICKED.includes(type)) return 'Esc closes';
  if (type === 'text') return 'Enter saves, Shift+Enter starts a new line, Esc cancels';
  return 'Enter saves, Esc cancels';
}
