import { Alert, Box, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem } from '../../api/problem';
import { rolesQuery } from '../../api/queries';
import type { CustomObject, Explanation, Level } from '../../api/schema';
import { can, canAny, levelsOf, useSession } from '../../api/session';
import { ErrorState } from '../EmptyState';
import { explanationQuery, type Question } from './explain';
import classes from './Why.module.css';
import { WhyOwners } from './WhyOwners';
import { WhyPath } from './WhyPath';
import { WhySuggestions } from './WhySuggestions';
import { ruleWords, stepWords, VERBS } from './words';

interface Props {
  question: Question;
  object: CustomObject | undefined;
  /** What the record is called, where the reader sees it. */
  title: string | undefined;
}

/** The answer to a question about access: the sentence, what would change it, and how it came about. */
export function WhyAnswer({ question, object, title }: Props) {
  const session = useSession();
  const mayReadRoles = canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  const explanation = useQuery({ ...explanationQuery(question), retry: false });
  const roles = useQuery({ ...rolesQuery, enabled: mayReadRoles });
  if (explanation.isPending) {
    return (
      <Stack gap="sm" aria-busy="true">
        <Skeleton h={84} radius="md" />
        <Skeleton h={14} w="80%" />
        <Skeleton h={14} w="70%" />
      </Stack>
    );
  }
  if (explanation.error) {
    if (asProblem(explanation.error).status !== 404) {
      return <ErrorState error={explanation.error} onRetry={() => void explanation.refetch()} />;
    }
    return <OutOfSight question={question} object={object} />;
  }
  const answer = explanation.data;
  const owned = question.action !== 'create' && answer.owners.length > 0;
  const about = {
    you: question.subject === session.user.id,
    action: question.action,
    plural: (object?.plural ?? 'records').toLowerCase(),
  };
  return (
    <Stack gap="lg">
      <Verdict answer={answer} question={question} object={object} title={title} />
      {!answer.decision && (
        <Section title="What would change this">
          <WhySuggestions answer={answer} question={question} />
        </Section>
      )}
      <Section title="How this was decided">
        <ol className={classes.list}>
          {answer.steps.map((step) => (
            <li key={step.code} className={classes.step}>
              <Mark yes={step.ok} size={20} />
              <Text fz="sm">{stepWords(step, answer, about)}</Text>
            </li>
          ))}
        </ol>
      </Section>
      {owned && (
        <Section title="Who owns it">
          <WhyOwners answer={answer} />
        </Section>
      )}
      {owned && answer.owners.some(({ path }) => path.length > 0) && (
        <Section title="The way through the user roles">
          <WhyPath answer={answer} roles={mayReadRoles ? roles.data : undefined} />
        </Section>
      )}
    </Stack>
  );
}

/** Yes or no, by shape, colour and word. */
export function Mark({ yes, size = 20 }: { yes: boolean; size?: number }) {
  return yes ? (
    <IconCircleCheckFilled size={size} className={classes.yes} role="img" aria-label="Yes" />
  ) : (
    <IconCircleXFilled size={size} className={classes.no} role="img" aria-label="No" />
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="section">
      <Title order={3} fz="sm" fw={600} mb="xs">
        {title}
      </Title>
      {children}
    </Box>
  );
}

function Verdict({ answer, question, object, title }: Props & { answer: Explanation }) {
  const session = useSession();
  const about = question.subject === session.user.id ? 'You' : (answer.subject.name ?? 'They');
  const singular = (object?.singular ?? 'record').toLowerCase();
  const plural = (object?.plural ?? 'records').toLowerCase();
  const what = question.action === 'create' ? `${plural} of their own` : (title ?? `this ${singular}`);
  const own = about === 'You' ? what.replace('their own', 'your own') : what;
  return (
    <div className={classes.answer} data-yes={answer.decision} role="status">
      <Mark yes={answer.decision} size={34} />
      <Stack gap={2}>
        <Title order={2} fz={20} lh={1.3}>
          {about} {answer.decision ? 'can' : 'can’t'} {VERBS[question.action]} {own}
        </Title>
        <Text fz="sm">{ruleWords(answer, { you: about === 'You', action: question.action, plural })}</Text>
        {answer.outcome === 'hidden' && (
          <Text fz="sm" c="dimmed">
            For {about === 'You' ? 'you' : about}, it is as if there were no such {singular}.
          </Text>
        )}
        {answer.outcome === 'forbidden' && question.action !== 'create' && (
          <Text fz="sm" c="dimmed">
            {about} can see it, though.
          </Text>
        )}
      </Stack>
    </div>
  );
}

/** Which records a level reaches, of a kind: "deals assigned to you". */
function reachWords(level: Level, plural: string): string {
  switch (level) {
    case 'none':
      return `no ${plural}`;
    case 'own':
      return `${plural} assigned to you`;
    case 'own_and_reports':
      return `${plural} assigned to you and your reports`;
    case 'own_peers_and_reports':
      return `${plural} assigned to you, your peers and your reports`;
    case 'anyone':
      return `all ${plural}`;
  }
}

/**
 * There is no answer. Those who may ask about everybody learn that there is no such record; others learn nothing about
 * what they can't see, not even whether it is there, but what their own profile allows.
 */
function OutOfSight({ question, object }: { question: Question; object: CustomObject | undefined }) {
  const session = useSession();
  if (can(session, 'manage_access')) {
    return (
      <Alert variant="light" color="gray" title="There is no such record">
        <Text fz="sm">
          It was deleted, or the link to it is wrong. No change of permissions brings it back.
        </Text>
      </Alert>
    );
  }
  const level = levelsOf(session, question.object).view;
  const plural = object?.plural.toLowerCase() ?? 'records';
  return (
    <Alert variant="light" color="gray" title="There is nothing here, or nothing that you may see">
      <Stack gap="xs">
        <Text fz="sm">
          With your profile, {session.profile.name}, you can see {reachWords(level, plural)}. This one belongs
          to somebody else, or it is gone.
        </Text>
        <Text fz="sm">
          Do you need it? Send its link to an administrator of {session.org.name}: they can look up what is in
          the way.
        </Text>
      </Stack>
    </Alert>
  );
}
