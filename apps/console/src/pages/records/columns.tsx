import { Link } from '@tanstack/react-router';
import type { CustomObject, Field, FieldType } from '../../api/schema';
import type { Column } from '../../components/DataTable';
import { RelativeTime } from '../../components/DateText';
import { FieldValue } from '../../components/fields/FieldValue';
import { isNumeric, ownershipFields, recordTitle, titleField } from '../../components/fields/fieldTypes';
import classes from './RecordList.module.css';
import type { ListedRecord } from './recordCache';

/** A column, and the field whose value it shows. */
export interface RecordColumn extends Column<ListedRecord> {
  field?: Field;
}

const WIDTHS: Partial<{ [type in Field['type']]: number }> = {
  number: 120,
  currency: 120,
  percentage: 120,
  boolean: 110,
  date: 130,
  date_time: 180,
  choice: 120,
  multi_choice: 220,
  user: 150,
  record: 190,
};

/** The columns of an object's records: what they are called, their fields, and what every record has. */
export function recordColumns(object: CustomObject, inGrid: boolean): RecordColumn[] {
  const title = titleField(object);
  const tabIndex = inGrid ? -1 : undefined;
  const fields = object.fields.filter((field) => field !== title);
  const open: RecordColumn = {
    key: title?.key ?? 'record',
    title: title?.label ?? object.singular,
    sort: title?.key,
    width: 200,
    field: title,
    cell: (record) => (
      <Link
        to="/records/$objectKey/$recordId"
        params={{ objectKey: object.key, recordId: record.id }}
        className={classes.title}
        tabIndex={tabIndex}
      >
        {recordTitle(object, record)}
      </Link>
    ),
  };
  return [
    open,
    ...fields.map(
      (field): RecordColumn => ({
        key: field.key,
        title: field.label,
        // The server sorts people and records by id, which means nothing to a reader.
        sort: isLookup(field.type) ? undefined : field.key,
        width: WIDTHS[field.type] ?? 200,
        align: isNumeric(field.type) ? 'end' : undefined,
        field,
        cell: (record) => (
          <FieldValue
            field={field}
            value={record.fields[field.key]}
            names={record.names}
            tabIndex={tabIndex}
          />
        ),
      }),
    ),
    ...(ownershipFields(object).length > 0
      ? [
          {
            key: 'owners',
            title: 'Owners',
            width: 200,
            cell: (record: ListedRecord) => <Owners record={record} />,
          },
        ]
      : []),
    {
      key: 'external_id',
      title: 'External ID',
      sort: 'external_id',
      width: 140,
      cell: (record) => record.external_id ?? <span className="dimmed">–</span>,
    },
    {
      key: 'created_at',
      title: 'Created',
      sort: 'created_at',
      width: 150,
      cell: (record) => <RelativeTime value={record.created_at} />,
    },
    {
      key: 'updated_at',
      title: 'Last changed',
      sort: 'updated_at',
      width: 150,
      cell: (record) => <RelativeTime value={record.updated_at} />,
    },
  ];
}

/** Types whose values are the ids of something else. */
function isLookup(type: FieldType): boolean {
  return type === 'user' || type === 'record';
}

/** Columns that are shown only when somebody asks for them. With one ownership field, that column says who owns. */
export function hiddenAtFirst(object: CustomObject | undefined): string[] {
  const owners = object && ownershipFields(object).length > 1 ? [] : ['owners'];
  return [...owners, 'external_id', 'created_at', 'updated_at'];
}

function Owners({ record }: { record: ListedRecord }) {
  if (record.owners.length === 0) return <span className="dimmed">Nobody</span>;
  return <span>{record.owners.map((id) => record.names[id] ?? 'Deleted person').join(', ')}</span>;
}
