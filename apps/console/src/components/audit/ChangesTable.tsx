import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { licensesQuery, objectsQuery, profilesQuery, rolesQuery } from '../../api/queries';
import type { AuditEvent } from '../../api/schema';
import { canAny, useSession } from '../../api/session';
import { dateWords, instantWords } from '../DateText';
import { PersonName } from '../PersonName';
import classes from './ChangesTable.module.css';
import { changesOf } from './changes';

/** What an event changed: a row for each field, before and after. */
export function ChangesTable({ event }: { event: AuditEvent }) {
  const { data: objects = [] } = useQuery(objectsQuery);
  const rows = changesOf(event, new Map(objects.map(({ key, plural }) => [key, plural])));
  if (rows.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No values are kept for this.
      </Text>
    );
  }
  const changes = rows.some((row) => !row.isFact);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">What</th>
          {changes && <th scope="col">Before</th>}
          <th scope="col">{changes ? 'After' : 'Value'}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ path, label, before, after, isFact }) => (
          <tr key={path}>
            <th scope="row">{label}</th>
            {changes && (
              <td className={classes.before} data-label="Before">
                {isFact ? '' : <Value path={path} value={before} />}
              </td>
            )}
            <td data-label={changes ? 'After' : undefined}>
              <Value path={path} value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function Value({ path, value }: { path: string; value: unknown }) {
  if (value === null || value === undefined || value === '') return <Nothing />;
  if (Array.isArray(value)) {
    if (value.length === 0) return <Nothing />;
    return (
      <ul className={classes.values}>
        {value.map((one) => (
          <li key={JSON.stringify(one)}>
            <Value path={path} value={one} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'object') return <code>{JSON.stringify(value)}</code>;
  const text = String(value);
  if (UUID.test(text)) return <Named path={path} id={text} />;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return dateWords(text);
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text)) return instantWords(text);
  return text;
}

function Nothing() {
  return (
    <Text span inherit c="dimmed">
      –
    </Text>
  );
}

/** Fields whose ids are people. */
const PEOPLE = /(^|\.)(sponsor_id|transfer_records_to|owner|owners)$/;

/** The name behind an id, where this person may know it. */
function Named({ path, id }: { path: string; id: string }) {
  const session = useSession();
  const reads = canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  const about = (field: string) => path === field && reads;
  const { data: profiles } = useQuery({ ...profilesQuery, enabled: about('profile_id') });
  const { data: licenses } = useQuery({ ...licensesQuery, enabled: about('license_id') });
  const { data: roles } = useQuery({ ...rolesQuery, enabled: about('role_id') || about('parent_id') });
  if (PEOPLE.test(path)) return <PersonName id={id} />;
  const all = [...(profiles ?? []), ...(licenses ?? []), ...(roles ?? [])];
  const name = all.find((one) => one.id === id)?.name;
  return name ?? <code className={classes.id}>{id}</code>;
}
