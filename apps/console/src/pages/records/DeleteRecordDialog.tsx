import { Text } from '@mantine/core';
import type { NamedRecord } from '../../api/records';
import { deleteRecord } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { recordTitle } from '../../components/fields/fieldTypes';
import { done } from '../../components/notify';
import { useRecordCache } from './recordCache';

interface Props {
  object: CustomObject;
  record: NamedRecord;
  onClose: () => void;
  /** Leaves the page of what is gone. */
  onDeleted?: () => Promise<void>;
}

/** Asks before a record is deleted. */
export function DeleteRecordDialog({ object, record, onClose, onDeleted }: Props) {
  const cache = useRecordCache(object.key);
  const title = recordTitle(object, record);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${title}?`}
      confirm={`Delete ${object.singular.toLowerCase()}`}
      danger
      onConfirm={async () => {
        await deleteRecord(object.key, record.id);
        await onDeleted?.();
        cache.drop(record.id);
        done(`${title} is deleted.`);
        void cache.reload();
      }}
    >
      <Text fz="sm">
        It is gone for everybody and for good. Records that link to it keep a link that leads nowhere.
      </Text>
    </ConfirmDialog>
  );
}
