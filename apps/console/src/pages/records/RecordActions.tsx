import { Menu } from '@mantine/core';
import { IconExternalLink, IconHelpHexagon, IconLink } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CustomObject } from '../../api/schema';
import { DeleteItem } from '../../components/DeleteItem';
import { recordTitle } from '../../components/fields/fieldTypes';
import { RowButton } from '../../components/RowButton';
import { RowMenu } from '../../components/RowMenu';
import { copyRecordLink } from './copyRecordLink';
import type { ListedRecord } from './recordCache';

interface Props {
  object: CustomObject;
  record: ListedRecord;
  onWhy: () => void;
  onDelete: () => void;
}

/** What can be done with a record of the list. */
export function RecordActions({ object, record, onWhy, onDelete }: Props) {
  const title = recordTitle(object, record);
  return (
    <span style={{ display: 'inline-flex' }}>
      <RowButton aria-label={`Why do I see ${title}?`} title="Why do I see this?" onClick={onWhy}>
        <IconHelpHexagon size={18} aria-hidden />
      </RowButton>
      <RowMenu label={`Actions for ${title}`}>
        <Menu.Item
          leftSection={<IconExternalLink size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link
              to="/records/$objectKey/$recordId"
              params={{ objectKey: object.key, recordId: record.id }}
              {...props}
            />
          )}
        >
          Open
        </Menu.Item>
        <Menu.Item leftSection={<IconHelpHexagon size={16} aria-hidden />} onClick={onWhy}>
          Why?
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLink size={16} aria-hidden />}
          onClick={() => copyRecordLink(object.key, record.id)}
        >
          Copy link
        </Menu.Item>
        {record.can.delete && (
          <>
            <Menu.Divider />
            <DeleteItem onClick={onDelete} />
          </>
        )}
      </RowMenu>
    </span>
  );
}
