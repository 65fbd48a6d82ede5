import { Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { addLicense, useLicenseCommand } from '../../api/licenses';
import { applyProblem } from '../../api/problem';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { LicenseFields, type LicenseValues, VALIDATE } from './LicenseFields';

/** Adds a license. */
export function AddLicenseDialog({ onClose }: { onClose: () => void }) {
  const form = useForm<LicenseValues>({ initialValues: { name: '', seats: 10 }, validate: VALIDATE });
  const add = useLicenseCommand(addLicense);
  const confirm = async () => {
    if (form.validate().hasErrors) return false;
    const { name, seats } = form.getValues();
    try {
      const license = await add({ name: name.trim(), seats: Number(seats) });
      done(`The license ${license.name} is added.`);
      return true;
    } catch (error) {
      if (applyProblem(form, error)) throw error;
      return false;
    }
  };
  return (
    <ConfirmDialog opened onClose={onClose} title="Add license" confirm="Add license" onConfirm={confirm}>
      <Stack gap="sm">
        <LicenseFields form={form} seatsNote="How many people may be on it at once." />
      </Stack>
    </ConfirmDialog>
  );
}
