import {
  ActionIcon,
  Alert,
  Button,
  Collapse,
  Group,
  Popover,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
} from '@mantine/core';
import { IconFilter, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { typedNumber } from '../../../api/exact';
import type { CustomObject, Field } from '../../../api/schema';
import { isNumeric } from '../../../components/fields/fieldTypes';
import { ValueInput } from '../../../components/fields/ValueInput';
import { draftProblem } from '../../../components/fields/values';
import { closesItsOwn } from '../../../components/useOnTop';
import { filterFields, isBare, operatorsOf } from './operators';
import { type Condition, type Filter, type Operator, readFilter, takesValue, writeFilter } from './scim';

interface Props {
  object: CustomObject;
  /** The filter as text. */
  value: string;
  onChange: (filter: string) => void;
}

interface Row extends Condition {
  id: number;
}

let rows = 0;
const rowOf = (condition: Condition): Row => {
  rows += 1;
  return { ...condition, id: rows };
};

/** A button that opens the conditions of a list, as rows to pick from or as text. */
export function FilterBuilder({ object, value, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const fields = filterFields(object);
  const count = value ? (readFilter(value)?.conditions.length ?? 1) : 0;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      shadow="md"
      width={620}
      trapFocus
      returnFocus
      keepMounted={false}
      closeOnEscape={false}
    >
      <Popover.Target>
        <Button
          variant="default"
          px="sm"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
        >
          Filter{count > 0 ? ` (${count})` : ''}
        </Button>
      </Popover.Target>
      <Popover.Dropdown
        maw="calc(100vw - 24px)"
        aria-label="Filter"
        onKeyDown={(event) => event.key === 'Escape' && !closesItsOwn(event.target) && setOpened(false)}
      >
        <Conditions
          fields={fields}
          value={value}
          onClose={() => setOpened(false)}
          onApply={(filter) => {
            onChange(filter);
            setOpened(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface ConditionsProps {
  fields: Field[];
  value: string;
  onApply: (filter: string) => void;
  onClose: () => void;
}

function Conditions({ fields, value, onApply, onClose }: ConditionsProps) {
  const start = readFilter(value);
  const first = fields[0];
  const blank = (field: Field): Row =>
    rowOf({ field: field.key, operator: operatorsOf(field.type)[0]?.[0] ?? 'eq', value: '' });
  const [join, setJoin] = useState<Filter['join']>(start?.join ?? 'and');
  const [conditions, setConditions] = useState<Row[]>(() => {
    if (start && start.conditions.length > 0) return start.conditions.map(rowOf);
    return first && !value ? [blank(first)] : [];
  });
  const [advanced, setAdvanced] = useState(start === null);
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const typeOf = (key: string) => fields.find((field) => field.key === key)?.type ?? 'text';
  const complete = conditions.filter(({ operator, value: given }) => !takesValue(operator) || given !== '');
  const written = writeFilter({ join, conditions: complete }, (key) => isBare(typeOf(key)));
  // While rows are picked, the text follows them; what is typed as text stands for itself.
  const byRows = !advanced || readFilter(text) !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text follows the rows, and is otherwise what was typed.
  useEffect(() => {
    if (conditions.length > 0 || start !== null) setText(written);
  }, [written]);
  const change = (id: number, patch: Partial<Condition>) =>
    setConditions((before) => before.map((row) => (row.id === id ? { ...row, ...patch } : row)));
  const type = (typed: string) => {
    setText(typed);
    const understood = readFilter(typed);
    if (understood && writeFilter(understood, (key) => isBare(typeOf(key))) === typed) {
      setConditions(understood.conditions.map(rowOf));
      setJoin(understood.join);
    }
  };
  const apply = () => {
    if (advanced) {
      onApply(text.trim());
      return;
    }
    const compared = complete.filter((row) => takesValue(row.operator));
    for (const row of compared) {
      const wrong = draftProblem({ type: typeOf(row.field), required: false }, row.value);
      if (wrong) {
        setProblem(`“${row.value}”: ${wrong}`);
        return;
      }
    }
    const conditions = complete.map((row) =>
      compared.includes(row) && isNumeric(typeOf(row.field))
        ? { ...row, value: typedNumber(row.value) ?? '' }
        : row,
    );
    onApply(writeFilter({ join, conditions }, (key) => isBare(typeOf(key))));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Stack gap="sm">
        {!byRows && (
          <Text fz="sm" c="dimmed">
            This filter says more than the rows can show. Edit it as text.
          </Text>
        )}
        {byRows &&
          conditions.map((row, index) => {
            const field = fields.find((candidate) => candidate.key === row.field);
            return (
              <Stack key={row.id} gap={6}>
                {index === 1 && (
                  <SegmentedControl
                    size="xs"
                    w={220}
                    aria-label="How the conditions are joined"
                    value={join}
                    onChange={(next) => setJoin(next as Filter['join'])}
                    data={[
                      { value: 'and', label: 'All hold' },
                      { value: 'or', label: 'Any holds' },
                    ]}
                  />
                )}
                <Group gap={6} align="flex-start" wrap="wrap">
                  <Select
                    aria-label="Field"
                    flex="1 1 150px"
                    searchable
                    openOnFocus={false}
                    allowDeselect={false}
                    comboboxProps={{ withinPortal: false }}
                    data={fields.map(({ key, label }) => ({ value: key, label }))}
                    value={row.field}
                    onChange={(key) => {
                      const picked = fields.find((candidate) => candidate.key === key);
                      if (picked) change(row.id, blank(picked));
                    }}
                  />
                  <Select
                    aria-label="Comparison"
                    flex="1 1 130px"
                    allowDeselect={false}
                    comboboxProps={{ withinPortal: false }}
                    data={operatorsOf(field?.type ?? 'text').map(([operator, label]) => ({
                      value: operator,
                      label,
                    }))}
                    value={row.operator}
                    onChange={(operator) => change(row.id, { operator: (operator ?? 'eq') as Operator })}
                  />
                  <div style={{ flex: '1 1 180px', minWidth: 0 }}>
                    {takesValue(row.operator) && field && (
                      <ValueInput
                        // Of several choices, a condition asks for one.
                        field={field.type === 'multi_choice' ? { ...field, type: 'choice' } : field}
                        aria-label="Value"
                        inPopover
                        value={row.value}
                        onChange={(next) =>
                          change(row.id, { value: Array.isArray(next) ? (next[0] ?? '') : next })
                        }
                      />
                    )}
                  </div>
                  <ActionIcon
                    aria-label={`Remove the condition on ${field?.label ?? row.field}`}
                    onClick={() => setConditions((before) => before.filter(({ id }) => id !== row.id))}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              </Stack>
            );
          })}
        <Group gap="xs">
          {byRows && first && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => setConditions([...conditions, blank(first)])}
            >
              Add a condition
            </Button>
          )}
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-expanded={advanced}
            onClick={() => setAdvanced(!advanced)}
          >
            Advanced
          </Button>
        </Group>
        <Collapse expanded={advanced}>
          <Textarea
            label="Filter as text"
            description="The grammar of SCIM over field keys, with and, or, not and parentheses."
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
            placeholder={'stage eq "won" and (amount gt 1000 or not (owner pr))'}
            value={text}
            onChange={(event) => type(event.currentTarget.value)}
          />
        </Collapse>
        {problem && (
          <Alert color="red" variant="light" role="alert" py="xs">
            {problem}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {value && (
            <Button variant="default" onClick={() => onApply('')}>
              Clear
            </Button>
          )}
          <Button type="submit">Apply</Button>
        </Group>
      </Stack>
    </form>
  );
}
