import { MultiSelect, Select, Skeleton, Textarea, TextInput } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Field } from '../../api/schema';
import { PersonPicker } from '../PersonPicker';
import { isNumeric } from './fieldTypes';
import { RecordPicker } from './RecordPicker';
import type { Draft } from './values';

const DayInput = lazy(() => import('./DayInput').then((module) => ({ default: module.DayInput })));

interface Props {
  field: Field;
  value: Draft;
  onChange: (value: Draft) => void;
  /** The visible label; without one, `aria-label` says what it is. */
  label?: string;
  'aria-label'?: string;
  description?: string;
  error?: string | null;
  withAsterisk?: boolean;
  autoFocus?: boolean;
  /** Inside a popover, lists open inside of it. */
  inPopover?: boolean;
  /** Text may have several lines. */
  multiline?: boolean;
}

const PLACEHOLDERS: Partial<{ [type in Field['type']]: string }> = {
  email: 'name@company.example',
  url: 'https://',
  phone: '+44 20 7946 0000',
};

/** The control for a value of this field. */
export function ValueInput({
  field,
  value,
  onChange,
  inPopover = false,
  multiline = false,
  ...props
}: Props) {
  const text = Array.isArray(value) ? '' : value;
  const comboboxProps = { withinPortal: !inPopover };
  const focus = props.autoFocus ? { 'data-autofocus': true } : {};
  switch (field.type) {
    case 'boolean':
      return (
        <Select
          {...props}
          {...focus}
          clearable={!field.required}
          comboboxProps={comboboxProps}
          placeholder="Not said"
          data={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          value={text || null}
          onChange={(picked) => onChange(picked ?? '')}
        />
      );
    case 'choice':
      return (
        <Select
          {...props}
          {...focus}
          clearable={!field.required}
          searchable={(field.options?.length ?? 0) > 8}
          comboboxProps={comboboxProps}
          placeholder="Pick one"
          data={field.options ?? []}
          value={text || null}
          onChange={(picked) => onChange(picked ?? '')}
        />
      );
    case 'multi_choice':
      return (
        <MultiSelect
          {...props}
          {...focus}
          clearable
          searchable
          comboboxProps={comboboxProps}
          placeholder={value.length > 0 ? undefined : 'Pick some'}
          data={field.options ?? []}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      );
    case 'user':
      return (
        <PersonPicker
          {...props}
          {...focus}
          // Enter picks again what is chosen while the list is on its way, and must not clear it.
          allowDeselect={false}
          comboboxProps={comboboxProps}
          value={text || null}
          onChange={(id) => onChange(id ?? '')}
        />
      );
    case 'record':
      return (
        <RecordPicker
          {...props}
          {...focus}
          object={field.object ?? ''}
          allowDeselect={false}
          comboboxProps={comboboxProps}
          value={text || null}
          onChange={(id) => onChange(id ?? '')}
        />
      );
    case 'date':
    case 'date_time':
      return (
        <Suspense fallback={<Skeleton h={36} />}>
          <DayInput
            {...props}
            {...focus}
            withTime={field.type === 'date_time'}
            withinPortal={!inPopover}
            value={text}
            onChange={onChange}
          />
        </Suspense>
      );
    case 'text':
      if (multiline) {
        return (
          <Textarea
            {...props}
            {...focus}
            autosize
            minRows={1}
            maxRows={8}
            value={text}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        );
      }
      break;
  }
  return (
    <TextInput
      {...props}
      {...focus}
      inputMode={
        isNumeric(field.type)
          ? 'decimal'
          : field.type === 'phone'
            ? 'tel'
            : field.type === 'email'
              ? 'email'
              : undefined
      }
      placeholder={PLACEHOLDERS[field.type]}
      rightSection={field.type === 'percentage' ? <span aria-hidden>%</span> : undefined}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
