import { Box, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { objectsQuery } from '../../api/queries';
import { recordQuery } from '../../api/records';
import type { Action } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { article } from '../article';
import { recordTitle } from '../fields/fieldTypes';
import { RecordPicker } from '../fields/RecordPicker';
import { PersonPicker } from '../PersonPicker';
import { SidePanel } from '../SidePanel';
import { ACTIONS } from './explain';
import { WhyAnswer } from './WhyAnswer';

export interface WhyProps {
  /** Whose access is asked about; oneself, or a person to pick, when left out. */
  subject?: string;
  action?: Action;
  /** The key of the record's object; to be picked when left out. */
  object?: string;
  /** The record; to be picked when left out. */
  record?: string;
  onClose: () => void;
}

const LABELS: { [action in Action]: string } = {
  view: 'View',
  edit: 'Edit',
  delete: 'Delete',
  create: 'Create',
};

/**
 * Why may somebody do something with a record, or why not: the answer, what would change it, and how it came about.
 *
 * Those who manage access ask about everybody, all others about themselves.
 */
export function WhyPanel(props: WhyProps) {
  const session = useSession();
  const others = can(session, 'manage_access');
  const [subject, setSubject] = useState<string | null>(others ? (props.subject ?? null) : session.user.id);
  const [action, setAction] = useState<Action>(props.action ?? 'view');
  const [objectKey, setObjectKey] = useState<string | null>(props.object ?? null);
  const [record, setRecord] = useState<string | null>(props.record ?? null);
  const { data: objects = [] } = useQuery(objectsQuery);
  const object = objects.find(({ key }) => key === objectKey);
  const shown = useQuery({
    ...recordQuery(objectKey ?? '', record ?? ''),
    enabled: Boolean(object && record),
    retry: false,
    // The page below may show that the record isn't there; asking again would take that page away meanwhile.
    retryOnMount: false,
    refetchOnWindowFocus: false,
  });
  const title = object && shown.data ? recordTitle(object, shown.data.value) : undefined;
  const complete = subject && objectKey && (record || action === 'create');
  const noun = (object?.singular ?? 'record').toLowerCase();
  const missing = [
    !subject && 'a person',
    action === 'create' ? !objectKey && 'a kind of record' : !record && `${article(noun)} ${noun}`,
  ].filter(Boolean);
  return (
    <SidePanel
      opened
      onClose={props.onClose}
      size="xl"
      title={`Why can ${others ? 'somebody' : 'you'} see or change a record, or why not?`}
    >
      <Stack gap="lg" pb="md">
        <Stack gap="sm">
          {others && (
            <PersonPicker
              label="Person"
              description="Whose access do you want to understand?"
              data-autofocus={subject ? undefined : true}
              value={subject}
              onChange={setSubject}
            />
          )}
          {!props.object && (
            <Select
              label="Kind of record"
              placeholder="Pick an object"
              allowDeselect={false}
              searchable={objects.length > 8}
              data={objects.map(({ key, plural }) => ({ value: key, label: plural }))}
              value={objectKey}
              onChange={(key) => {
                setObjectKey(key);
                setRecord(null);
              }}
            />
          )}
          {objectKey &&
            action !== 'create' &&
            (props.record ? (
              <Box>
                <Text fz="sm" fw={500}>
                  {object?.singular ?? 'Record'}
                </Text>
                <Text fz="sm" c={title ? undefined : 'dimmed'}>
                  {title ?? 'One that you can’t see yourself'}
                </Text>
              </Box>
            ) : (
              <RecordPicker
                label={object?.singular ?? 'Record'}
                description={
                  others
                    ? 'Type a part of its name, or paste a link to it.'
                    : 'Paste the link to it, or type a part of its name.'
                }
                object={objectKey}
                value={record}
                onChange={setRecord}
              />
            ))}
          <Box>
            <Text fz="sm" fw={500} mb={4} id="why-action">
              What for
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="why-action"
              value={action}
              onChange={(next) => setAction(next as Action)}
              data={ACTIONS.map((value) => ({ value, label: LABELS[value] }))}
            />
          </Box>
        </Stack>
        {complete ? (
          <WhyAnswer
            question={{ subject, action, object: objectKey, record: record ?? undefined }}
            object={object}
            title={title}
          />
        ) : (
          <Text c="dimmed" fz="sm" ta="center" py="xl">
            Choose {missing.join(' and ')} to see the answer.
          </Text>
        )}
      </Stack>
    </SidePanel>
  );
}
