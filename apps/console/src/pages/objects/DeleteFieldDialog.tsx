import { List, Text } from '@mantine/core';
import type { Versioned } from '../../api/client';
import type { CustomObject, Field } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ownershipFields } from '../../components/fields/fieldTypes';
import { done } from '../../components/notify';
import { useObjectCache } from './objectCache';

interface Props {
  stored: Versioned<CustomObject>;
  field: Field;
  onClose: () => void;
}

/** Asks before a field is deleted, and says what goes with it. */
export function DeleteFieldDialog({ stored, field, onClose }: Props) {
  const { value: object, etag } = stored;
  const cache = useObjectCache();
  const others = ownershipFields(object).filter(({ key }) => key !== field.key);
  const plural = object.plural.toLowerCase();
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete the field ${field.label}?`}
      confirm="Delete field"
      danger
      onConfirm={async () => {
        await cache.removeField(object.key, field.key, etag);
        done(`The field ${field.label} is deleted.`);
      }}
    >
      <List fz="sm" spacing={4}>
        <List.Item>Whatever {plural} hold in it is lost for good.</List.Item>
        <List.Item>Filters and programs that name {field.key} stop working.</List.Item>
        {field.represents_ownership && (
          <List.Item>
            {others.length > 0 ? (
              <>
                Its people own the records no more; the owners of every record are worked out anew from{' '}
                {others.map(({ label }) => label).join(', ')}.
              </>
            ) : (
              <Text span inherit>
                It is the only field that says who owns {plural}, and can’t be deleted as long as it does.
                Take the ownership off first.
              </Text>
            )}
          </List.Item>
        )}
      </List>
    </ConfirmDialog>
  );
}
