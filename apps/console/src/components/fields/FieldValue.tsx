import { Anchor, Badge, Group, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import dayjs from 'dayjs';
import type { Field } from '../../api/schema';
import { valueWords } from './values';

interface Props {
  field: Pick<Field, 'type' | 'object'>;
  value: unknown;
  /** What users and records are called, by id. */
  names: { readonly [id: string]: string };
  /** In a grid the arrow keys lead to cells, and Tab doesn't stop at each link. */
  tabIndex?: number;
}

/** A record's value, for reading. */
export function FieldValue({ field, value, names, tabIndex }: Props) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return (
      <Text span inherit c="dimmed">
        –
      </Text>
    );
  }
  const text = String(value);
  switch (field.type) {
    case 'boolean':
      return (
        <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
          {value ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
          {value ? 'Yes' : 'No'}
        </Group>
      );
    case 'number':
    case 'currency':
    case 'percentage':
    case 'date':
      return (
        <Text span inherit className="tabular">
          {valueWords(field, value)}
        </Text>
      );
    case 'date_time':
      return (
        <Text
          span
          inherit
          className="tabular"
          title={`${dayjs(text).format('D MMM YYYY, HH:mm:ss Z')} (your time)`}
        >
          {valueWords(field, value)}
        </Text>
      );
    case 'choice':
      return <OptionBadge>{text}</OptionBadge>;
    case 'multi_choice':
      return (
        <Group gap={4} component="span" wrap="wrap" display="inline-flex">
          {(value as string[]).map((option) => (
            <OptionBadge key={option}>{option}</OptionBadge>
          ))}
        </Group>
      );
    case 'email':
      return (
        <Anchor href={`mailto:${text}`} inherit tabIndex={tabIndex}>
          {text}
        </Anchor>
      );
    case 'phone':
      return (
        <Anchor href={`tel:${text.replace(/[^\d+]/g, '')}`} inherit tabIndex={tabIndex}>
          {text}
        </Anchor>
      );
    case 'url':
      return (
        <Anchor
          href={/^https?:/i.test(text) ? text : undefined}
          target="_blank"
          rel="noopener noreferrer"
          inherit
          tabIndex={tabIndex}
        >
          {text.replace(/^https?:\/\//, '').replace(/\/$/, '')}
        </Anchor>
      );
    case 'user':
      return names[text] ? (
        <Text span inherit>
          {names[text]}
        </Text>
      ) : (
        <Text span inherit c="dimmed" fs="italic">
          Deleted person
        </Text>
      );
    case 'record':
      return names[text] && field.object ? (
        <Anchor
          inherit
          renderRoot={(props) => (
            <Link
              to="/records/$objectKey/$recordId"
              params={{ objectKey: field.object ?? '', recordId: text }}
              {...props}
              tabIndex={tabIndex}
            />
          )}
        >
          {names[text]}
        </Anchor>
      ) : (
        <Text span inherit c="dimmed" fs="italic">
          Gone, or out of reach
        </Text>
      );
    default:
      return (
        <Text span inherit>
          {text}
        </Text>
      );
  }
}

/** One option, as a quiet badge in the words of the organization. */
export function OptionBadge({ children }: { children: string }) {
  return (
    <Badge
      variant="default"
      radius="sm"
      tt="none"
      fw={500}
      fz="xs"
      maw="100%"
      styles={{ root: { borderColor: 'var(--vestibule-line)' } }}
    >
      {children}
    </Badge>
  );
}
