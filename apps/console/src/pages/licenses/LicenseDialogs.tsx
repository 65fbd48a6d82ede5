import { AddLicenseDialog } from './AddLicenseDialog';
import { DeleteLicenseDialog } from './DeleteLicenseDialog';
import { EditLicenseDrawer } from './EditLicenseDrawer';
import type { AskedLicense } from './LicensesPage';

/** The dialogs about licenses; they arrive together, when the first is needed. */
export default function LicenseDialogs({ asked, onClose }: { asked: AskedLicense; onClose: () => void }) {
  switch (asked.what) {
    case 'add':
      return <AddLicenseDialog onClose={onClose} />;
    case 'edit':
      return <EditLicenseDrawer license={asked.license} onClose={onClose} />;
    case 'delete':
      return <DeleteLicenseDialog license={asked.license} onClose={onClose} />;
  }
}
