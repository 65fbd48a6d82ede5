import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { fullName } from '../api/people';
import { sentence } from '../api/problem';
import type { ClaimLink } from '../api/schema';
import { instantWords } from './DateText';
import { Dialog } from './Dialog';
import { ErrorAlert } from './ErrorAlert';

interface Props {
  /** Whose account the link opens. */
  person: { first_name: string; last_name: string; email: string };
  make: () => Promise<ClaimLink>;
  onClose: () => void;
}

/** Makes a claim link to hand over by other means than our mail. */
export function ClaimLinkDialog({ person, make, onClose }: Props) {
  const [link, setLink] = useState<ClaimLink | null>(null);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const start = async () => {
    setRunning(true);
    setError(null);
    try {
      setLink(await make());
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setRunning(false);
    }
  };
  return (
    <Dialog opened onClose={onClose} running={running} title={`Claim link for ${fullName(person)}`}>
      <Stack gap="md">
        {link ? (
          <Made link={link} />
        ) : (
          <Text fz="sm">
            This makes a new link that you can hand over yourself. The link in the mail to {person.email}{' '}
            stops working. Whoever has the link can claim the account, so give it to {person.first_name} only.
          </Text>
        )}
        {error && <ErrorAlert>{error}</ErrorAlert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={running}>
            {link ? 'Close' : 'Cancel'}
          </Button>
          {!link && (
            <Button onClick={start} loading={running} data-autofocus>
              Make a new link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Made({ link }: { link: ClaimLink }) {
  return (
    <>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label="Claim link"
          readOnly
          value={link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={link.url}>
          {({ copied, copy }) => (
            <Button
              onClick={copy}
              data-autofocus
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text fz="sm" c="dimmed">
        It works once, until {instantWords(link.expires_at)}, and is shown only now. The mailed link no longer
        works.
      </Text>
    </>
  );
}
