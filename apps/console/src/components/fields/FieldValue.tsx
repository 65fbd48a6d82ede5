import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Field } from '../../api/schema';
import { clock } from '../clock';
import classes from './FieldValue.module.css';
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
    return <span className="dimmed">–</span>;
  }
  const text = String(value);
  switch (field.type) {
    case 'boolean':
      return (
        <span className={classes.truth}>
          {value ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
          {value ? 'Yes' : 'No'}
        </span>
      );
    case 'number':
    case 'currency':
    case 'percentage':
    case 'date':
      return <span className="tabular">{valueWords(field, value)}</span>;
    case 'date_time':
      return (
        <span className="tabular" title={`${clock(text).format('D MMM YYYY, HH:mm:ss Z')} (your time)`}>
          {valueWords(field, value)}
        </span>
      );
    case 'choice':
      return <OptionBadge>{text}</OptionBadge>;
    case 'multi_choice':
      return (
        <span className={classes.options}>
          {(value as string[]).map((option) => (
            <OptionBadge key={option}>{option}</OptionBadge>
          ))}
        </span>
      );
    case 'email':
      return (
        <a href={`mailto:${text}`} className={classes.link} tabIndex={tabIndex}>
          {text}
        </a>
      );
    case 'phone':
      return (
        <a href={`tel:${text.replace(/[^\d+]/g, '')}`} className={classes.link} tabIndex={tabIndex}>
          {text}
        </a>
      );
    case 'url':
      return (
        <a
          href={/^https?:/i.test(text) ? text : undefined}
          target="_blank"
          rel="noopener noreferrer"
          className={classes.link}
          tabIndex={tabIndex}
        >
          {text.replace(/^https?:\/\//, '').replace(/\/$/, '')}
        </a>
      );
    case 'user':
      return names[text] ? <span>{names[text]}</span> : <span className={classes.gone}>Deleted person</span>;
    case 'record':
      return names[text] && field.object ? (
        <Link
          to="/records/$objectKey/$recordId"
          params={{ objectKey: field.object, recordId: text }}
          className={classes.link}
          tabIndex={tabIndex}
        >
          {names[text]}
        </Link>
      ) : (
        <span className={classes.gone}>Gone, or out of reach</span>
      );
    default:
      return <span>{text}</span>;
  }
}

/** One option, as a quiet badge in the words of the organization. */
export function OptionBadge({ children }: { children: string }) {
  return <span className={classes.option}>{children}</span>;
}
