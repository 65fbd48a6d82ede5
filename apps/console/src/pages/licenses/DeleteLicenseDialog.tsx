import { Text } from '@mantine/core';
import { deleteLicense, useLicenseCommand } from '../../api/licenses';
import type { License } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';

/** Deletes a license that nobody is on. */
export function DeleteLicenseDialog({ license, onClose }: { license: License; onClose: () => void }) {
  const remove = useLicenseCommand(() => deleteLicense(license.id));
  const confirm = async () => {
    await remove(undefined);
    done(`The license ${license.name} is deleted.`);
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${license.name}`}
      confirm="Delete license"
      danger
      onConfirm={confirm}
    >
      <Text fz="sm">
        Only a license that nobody is on can be deleted.
        {license.used > 0 &&
          ` ${license.used === 1 ? '1 person is' : `${license.used.toLocaleString()} people are`} on this one.`}{' '}
        This can’t be undone.
      </Text>
    </ConfirmDialog>
  );
}
