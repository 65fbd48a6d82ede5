import { Anchor, Box, Button, Group, Stack, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { Link, useLocation, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { fullName } from '../../api/people';
import { rememberedStay } from '../../api/session';
import { PersonAvatar } from '../../components/PersonName';
import type { Search } from '../../routes';
import { rememberedOrg } from './arrival';
import { Aside, Doorway, MailLink } from './Doorway';
import { type Farewell, farewell } from './farewell';
import { keepEnd, keptEnd } from './keptEnd';

/** Says goodbye: what happened, whom to ask, and what becomes of one's things. */
export function AccessEndedPage() {
  const told = useLocation({ select: ({ state }) => state.accessEnded });
  const { org } = useSearch({ strict: false }) as Search;
  const [kept] = useState(keptEnd);
  useEffect(() => {
    if (told) keepEnd(told);
  }, [told]);
  const known = farewell(told ?? kept, rememberedStay());
  const slug = org === undefined ? rememberedOrg() : String(org);
  const signIn = (
    <Anchor
      inherit
      underline="always"
      renderRoot={(props) => <Link to="/sign-in" search={{ org: slug || undefined }} {...props} />}
    >
      Sign in
    </Anchor>
  );
  if (!known) {
    return (
      <Doorway title="Your access has ended" lead="Ask whoever invited you if you need it again.">
        <Aside>Is that wrong, or was your access given back? {signIn}</Aside>
      </Doorway>
    );
  }
  return (
    <Doorway title={`Your access to ${known.org} has ended`} lead={known.what}>
      <Stack gap="lg" mt="xl">
        <Ask known={known} />
        <Text fz="sm">{known.rest}</Text>
      </Stack>
      <Aside>Was your access given back already? {signIn}</Aside>
    </Doorway>
  );
}

/** Who answers for the guest, and a letter to them. */
function Ask({ known: { org, sponsor } }: { known: Farewell }) {
  if (!sponsor) return <Text fz="sm">Do you need it again? Ask the people at {org} you worked with.</Text>;
  const name = fullName(sponsor);
  const subject = `My access to ${org}`;
  return (
    <Box p="md" bd="1px solid var(--vestibule-line)" style={{ borderRadius: 'var(--mantine-radius-md)' }}>
      <Text fz="sm" mb="sm">
        Do you need it again? {name} looks after your stay and can give it back.
      </Text>
      <Group gap="sm" wrap="nowrap">
        <PersonAvatar name={name} size={38} />
        <Box miw={0}>
          <Text fz="sm" fw={570}>
            {name}
          </Text>
          <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
            <MailLink address={sponsor.email} subject={subject} />
          </Text>
        </Box>
      </Group>
      <Button
        component="a"
        href={`mailto:${sponsor.email}?subject=${encodeURIComponent(subject)}`}
        mt="md"
        size="md"
        fullWidth
        leftSection={<IconMail size={18} aria-hidden />}
      >
        Write to {sponsor.first_name}
      </Button>
    </Box>
  );
}
