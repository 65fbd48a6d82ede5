import { Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { rememberedOrg } from './arrival';
import { Doorway } from './Doorway';

/** `missing`: opened without a link. `over`: used, replaced or too old. `closed`: guests can't come in now. */
type Kind = 'missing' | 'over' | 'closed';

const WORDS: Record<Kind, { title: string; lead: string; next: string[] }> = {
  missing: {
    title: 'Open the link from your invitation',
    lead: 'This page needs the whole link from the mail. It may have been cut off on the way.',
    next: ['Go back to the mail and press its button once more, or copy the whole link.'],
  },
  over: {
    title: 'This invitation link no longer works',
    lead: 'Links work once, and only for a few days. When a new one is sent, the old ones stop.',
    next: [
      'If you have joined already, just sign in.',
      'If you haven’t, look for a newer mail, or ask whoever invited you to send the invitation again. It takes them a moment.',
    ],
  },
  closed: {
    title: 'Guests can’t come in at the moment',
    lead: 'The organization has paused guest access. Your invitation is not lost.',
    next: ['Ask whoever invited you when it is open again, and come back with the same link.'],
  },
};

/** An invitation that leads nowhere: why, and what to do now. */
export function LinkOver({ kind }: { kind: Kind }) {
  const { title, lead, next } = WORDS[kind];
  return (
    <Doorway title={title} lead={lead}>
      <Stack gap="md" mt="lg">
        {next.map((step) => (
          <Text key={step} fz="sm">
            {step}
          </Text>
        ))}
        <Button
          size="md"
          fullWidth
          mt="xs"
          variant={kind === 'over' ? 'filled' : 'default'}
          renderRoot={(props) => (
            <Link to="/sign-in" search={{ org: rememberedOrg() || undefined }} {...props} />
          )}
        >
          Go to sign in
        </Button>
      </Stack>
    </Doorway>
  );
}
