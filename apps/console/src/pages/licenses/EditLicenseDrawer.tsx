import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Versioned } from '../../api/client';
import { licenseQuery, patchLicense, useLicenseCommand } from '../../api/licenses';
import type { License, LicensePatch } from '../../api/schema';
import { FormDrawer } from '../../components/FormDrawer';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import { useEdited } from '../../components/useEdited';
import { LicenseFields, type LicenseValues, VALIDATE } from './LicenseFields';

interface Props {
  license: License;
  onClose: () => void;
}

/** Changes the name and the seats, unless somebody else has done so since the drawer opened. */
export function EditLicenseDrawer({ license, onClose }: Props) {
  const { base } = useEdited<License>(licenseQuery(license.id));
  return base && <Loaded read={base} onClose={onClose} />;
}

const valuesOf = ({ name, seats }: License): LicenseValues => ({ name, seats });

function Loaded({ read, onClose }: { read: Versioned<License>; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { id, used } = read.value;
  const save = useLicenseCommand(({ patch, etag }: { patch: LicensePatch; etag?: string }) =>
    patchLicense(id, patch, etag),
  );
  // What was stored before, for taking it back.
  const before = useRef(read.value);
  const edit = useVersionedForm<License, LicenseValues>({
    read,
    valuesOf,
    validate: VALIDATE,
    send: (patch, etag) => save({ patch: patch as LicensePatch, etag }),
    readAgain: async () => {
      const now = await queryClient.fetchQuery({ ...licenseQuery(id), staleTime: 0 });
      before.current = now.value;
      return now;
    },
    onSaved: ({ value, etag }) => {
      onClose();
      const { name, seats } = before.current;
      done(`${value.name} is saved.`, () => save({ patch: { name, seats }, etag }));
    },
  });
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Edit ${read.value.name}`}
      submit="Save"
      running={edit.running}
      error={edit.error}
      onSubmit={edit.submit}
    >
      <LicenseFields
        form={edit.form}
        seatsNote={
          used === 0
            ? 'Nobody is on it at present.'
            : `${used.toLocaleString()} are in use, so no fewer than that.`
        }
      />
      <MergeNotice
        conflict={edit.conflict}
        onReload={edit.reload}
        label={(path) => (path === 'seats' ? 'Seats' : 'Name')}
      />
    </FormDrawer>
  );
}
