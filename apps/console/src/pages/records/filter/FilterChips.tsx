import { Button, Code, Pill, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { objectsQuery } from '../../../api/queries';
import { recordQuery } from '../../../api/records';
import type { CustomObject, Field } from '../../../api/schema';
import { recordTitle } from '../../../components/fields/fieldTypes';
import { valueWords } from '../../../components/fields/values';
import { PersonName } from '../../../components/PersonName';
import { filterFields, isBare, operatorWords } from './operators';
import { type Condition, readFilter, takesValue, writeFilter } from './scim';

interface Props {
  object: CustomObject;
  value: string;
  onChange: (filter: string) => void;
}

/** The conditions of a list in words, each of which can be taken away. */
export function FilterChips({ object, value, onChange }: Props) {
  if (!value) return null;
  const filter = readFilter(value);
  const fields = filterFields(object);
  const typeOf = (key: string) => fields.find((field) => field.key === key)?.type ?? 'text';
  return (
    <>
      {filter ? (
        filter.conditions.map((condition, index) => (
          <Pill
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no ids, and two may be alike.
            key={index}
            size="lg"
            withRemoveButton
            removeButtonProps={{
              'aria-hidden': false,
              'aria-label': `Remove the condition on ${condition.field}`,
              tabIndex: 0,
            }}
            onRemove={() =>
              onChange(
                writeFilter(
                  { ...filter, conditions: filter.conditions.filter((other) => other !== condition) },
                  (key) => isBare(typeOf(key)),
                ),
              )
            }
          >
            {index > 0 && (
              <Text span fz="sm" c="dimmed">
                {filter.join}{' '}
              </Text>
            )}
            <ConditionWords
              condition={condition}
              field={fields.find((field) => field.key === condition.field)}
            />
          </Pill>
        ))
      ) : (
        <Code maw={420} style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {value}
        </Code>
      )}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange('')}>
        Clear filters
      </Button>
    </>
  );
}

function ConditionWords({ condition, field }: { condition: Condition; field: Field | undefined }) {
  const type = field?.type ?? 'text';
  return (
    <Text span fz="sm">
      {field?.label ?? condition.field} {operatorWords(type, condition.operator)}
      {takesValue(condition.operator) && (
        <>
          {' '}
          <b>
            {type === 'user' ? (
              <PersonName id={condition.value} />
            ) : type === 'record' ? (
              <RecordName object={field?.object ?? ''} id={condition.value} />
            ) : (
              valueWords({ type }, condition.value)
            )}
          </b>
        </>
      )}
    </Text>
  );
}

function RecordName({ object: key, id }: { object: string; id: string }) {
  const { data: objects = [] } = useQuery(objectsQuery);
  const { data } = useQuery(recordQuery(key, id));
  const object = objects.find((candidate) => candidate.key === key);
  return <>{object && data ? recordTitle(object, data.value) : 'a record'}</>;
}
